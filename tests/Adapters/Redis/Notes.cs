using Groundwork.Redis.Tests;

[assembly: AssemblyFixture(typeof(SharedRedis))]
