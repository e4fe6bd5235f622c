namespace Groundwork.Ports.Caching;

/// <summary>A shared cache could not be reached, or refused. Nobody knows whether a change was done; the message says what to do.</summary>
public sealed class CacheException(string message, Exception? inner = null) : Exception(message, inner);
