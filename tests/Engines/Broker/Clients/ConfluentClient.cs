using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using Groundwork.Testing;

namespace Groundwork.Broker.Tests.Clients;

/// <summary>
/// Clients of Confluent.Kafka. The native library of its package asks for libsasl2 by the name that Red Hat gives it; where the system has
/// it by Debian's, a copy is loaded that asks for that one. (The system's own librdkafka is too old for the package.)
/// </summary>
internal static class ConfluentClient
{
    private const string Library = "librdkafka";
    private const string SaslOfRedHat = "libsasl2.so.3";
    private const string SaslOfDebian = "libsasl2.so.2";

    private static readonly Lazy<string?> Fault = new(Load);

    /// <summary>Says which library all of the package's calls go to, before anybody makes the first: two of them in one process break each other.</summary>
    [ModuleInitializer]
    internal static void ChooseLibrary()
    {
        var library = new Lazy<IntPtr>(LoadLibrary);
        NativeLibrary.SetDllImportResolver(typeof(Confluent.Kafka.Library).Assembly, (name, _, _) => name == Library ? library.Value : IntPtr.Zero);
    }

    /// <summary>A producer.</summary>
    public static IProducer<string?, string> Producer(RunningBroker broker, Action<ProducerConfig>? set = null)
    {
        Require();
        var config = new ProducerConfig { BootstrapServers = $"{broker.Address}", LingerMs = 5 };
        set?.Invoke(config);
        return new ProducerBuilder<string?, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>A consumer of a group, which reads from the beginning and commits when it is closed or told to.</summary>
    public static IConsumer<string?, string> Consumer(RunningBroker broker, string group, Action<ConsumerConfig>? set = null)
    {
        Require();
        var config = new ConsumerConfig
        {
            BootstrapServers = $"{broker.Address}",
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 6000,
            HeartbeatIntervalMs = 200,
            FetchWaitMaxMs = 50,
        };
        set?.Invoke(config);
        return new ConsumerBuilder<string?, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>An administrator.</summary>
    public static IAdminClient Admin(RunningBroker broker)
    {
        Require();
        return new AdminClientBuilder(new AdminClientConfig { BootstrapServers = $"{broker.Address}" }).SetLogHandler((_, _) => { }).Build();
    }

    private static void Require()
    {
        if (Fault.Value is { } fault)
            ClientProgram.Missing(fault);
    }

    private static string? Load()
    {
        try
        {
            _ = Confluent.Kafka.Library.Load();
            return null;
        }
        catch (DllNotFoundException e)
        {
            return $"Confluent.Kafka's librdkafka cannot be loaded: {e.Message}";
        }
    }

    // Zero leaves it to the loader.
    private static IntPtr LoadLibrary()
    {
        var packaged = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", $"{Library}.so");
        if (NativeLibrary.TryLoad(SaslOfRedHat, out _) || !NativeLibrary.TryLoad(SaslOfDebian, out _) || !File.Exists(packaged))
            return IntPtr.Zero;
        var content = File.ReadAllBytes(packaged);
        var at = content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(SaslOfRedHat));
        if (at < 0)
            return IntPtr.Zero;
        Encoding.ASCII.GetBytes(SaslOfDebian).CopyTo(content, at);
        using var folder = new TempFolder();
        File.WriteAllBytes(folder[$"{Library}.so"], content);
        return NativeLibrary.Load(folder[$"{Library}.so"]); // once it is loaded, its file is not needed any more
    }
}
