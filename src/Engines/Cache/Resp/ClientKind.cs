namespace Groundwork.Cache.Resp;

/// <summary>What a client does, as far as it decides how much may wait for it.</summary>
internal enum ClientKind
{
    /// <summary>It asks and gets answers.</summary>
    Normal,

    /// <summary>It gets messages of channels, at whatever pace they come.</summary>
    PubSub,

    /// <summary>It follows all writes.</summary>
    Replica,
}
