using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Access.Sessions;

/// <summary>
/// The key with which ASP.NET's data protection seals forms (anti-forgery) and sign-ins under way: one, in the database, so that what
/// one copy of the program sealed every other opens.
/// </summary>
/// <remarks>
/// <para>ASP.NET's own key ring was rejected: it reads and writes its keys while the caller waits, each copy makes keys of its own, and
/// those of others it sees hours later. Here the key is read once, before anything is served. It never changes: it keeps no secret
/// from whoever reads the database, and what it seals lives for minutes. Sessions do not depend on it.</para>
/// <para>The cryptography is ASP.NET's all the same: the key is one of its own, made by it. Safe for concurrent use.</para>
/// </remarks>
internal sealed class ProtectionKey(SessionStore store) : IXmlRepository
{
    private string? _xml;

    /// <summary>Reads the key, or makes it.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        _xml = await store.FindProtectionKeyAsync(cancellationToken);
        if (_xml is null)
        {
            await store.InsertProtectionKeyAsync(Make().ToString(SaveOptions.DisableFormatting), cancellationToken);
            _xml = await store.FindProtectionKeyAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() => _xml is null ? [] : [XElement.Parse(_xml)];

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName) => throw new NotSupportedException("There is one key, which never changes.");

    private static XElement Make()
    {
        var made = new Made();
        var services = new ServiceCollection();
        services.AddDataProtection().AddKeyManagementOptions(options => options.XmlRepository = made);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IKeyManager>().CreateNewKey(DateTimeOffset.UnixEpoch, new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return made.Element ?? throw new InvalidOperationException("No key was made.");
    }

    private sealed class Made : IXmlRepository
    {
        public XElement? Element { get; private set; }

        public IReadOnlyCollection<XElement> GetAllElements() => [];

        public void StoreElement(XElement element, string friendlyName) => Element = element;
    }
}
