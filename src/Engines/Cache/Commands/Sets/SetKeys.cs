using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Sets;

/// <summary>Keys that hold sets.</summary>
internal static class SetKeys
{
    /// <summary>Looks up the set that an argument names, to read it; if that holds something else, that is the answer.</summary>
    public static bool TryReadSet(this Call call, int argument, out SetView set)
    {
        var key = call.Read(argument);
        set = default;
        if (!call.Expect(key, ValueKind.Set))
            return false;
        set = key.Set();
        return true;
    }

    /// <summary>Its set; an empty one where it is not there.</summary>
    public static SetView Set(this in Key key) => new(key.Shard, key.Found);

    /// <summary>Adds a member to its set; makes the set where it is not there.</summary>
    /// <returns>False where it was there.</returns>
    public static bool AddMember(this ref Key key, scoped ReadOnlySpan<byte> member)
    {
        if (!key.Exists)
            key.Create(SetValue.FormFor(member), valueLength: 0);
        return SetValue.Add(key.Shard, ref key.Found, member);
    }

    /// <summary>Takes a member out of its set, and the key away with the last one.</summary>
    /// <returns>False where it was not there.</returns>
    public static bool RemoveMember(this ref Key key, scoped ReadOnlySpan<byte> member)
    {
        if (!SetValue.Remove(key.Shard, ref key.Found, member))
            return false;
        if (key.Set().IsEmpty)
            key.Remove();
        return true;
    }

    /// <summary>About how many bytes the set takes that an argument names; 0 where it is none.</summary>
    public static long BytesOfSet(this Call call, int argument)
    {
        var key = call.Look(argument);
        return key.Exists && key.Kind == ValueKind.Set ? key.Set().Bytes : 0;
    }

    /// <summary>Puts a result under the key of the first argument, or removes that where it is empty; its size is the answer.</summary>
    public static void Store(this Call call, SetBuilder result)
    {
        var key = call.Write(1);
        var count = result.Count;
        if (count > 0)
        {
            result.Store(ref key.Found, key.Database, key.Name, call.Keyspace.Use.Begin(call.Now));
            key.Changed();
        }
        else
        {
            key.Clear();
        }

        call.Reply.Integer(count);
    }
}
