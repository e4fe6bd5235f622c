namespace Groundwork.Platform.Data;

/// <summary>
/// Somebody's claim on a request, a work item or a lease ended and another has a newer one. Thrown inside a transaction, so
/// that it rolls back; outside of one the same is a returned value.
/// </summary>
public sealed class ClaimLostException(string message) : Exception(message);
