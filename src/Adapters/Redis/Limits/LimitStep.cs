namespace Groundwork.Redis.Limits;

/// <summary>What is done with limits; the script knows it by its number.</summary>
internal enum LimitStep : byte
{
    /// <summary>Permits are taken.</summary>
    Take = 1,

    /// <summary>It is seen what a take would give.</summary>
    Peek = 2,

    /// <summary>What a holder has is given back.</summary>
    Exit = 3,

    /// <summary>What was taken is forgotten.</summary>
    Reset = 4,
}
