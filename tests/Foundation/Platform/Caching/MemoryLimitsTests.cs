using Groundwork.Ports.Limiting;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>The table that other tests limit by keeps the port's contract.</summary>
public sealed class MemoryLimitsTests : LimitStoreContract
{
    protected override ILimitStore CreateStore() => new MemoryLimits(new FakeTimeProvider());
}
