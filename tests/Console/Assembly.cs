using Groundwork.Console.Tests.Browser;

[assembly: AssemblyFixture(typeof(Chromium))]
