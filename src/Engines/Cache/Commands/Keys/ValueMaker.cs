using Groundwork.Cache.Commands.Hashes;
using Groundwork.Cache.Commands.Lists;
using Groundwork.Cache.Commands.Sets;
using Groundwork.Cache.Commands.SortedSets;
using Groundwork.Cache.Dumps;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Keys;

/// <summary>Puts a dump's value under a key, which is not there when it begins.</summary>
internal ref struct ValueMaker(Key key) : IDumpSink
{
    /// <summary>The key with what was put under it. A field: what changes it does so in place.</summary>
    public Key Key = key;

    public void Text(scoped ReadOnlySpan<byte> text) => Key.SetText(text, deadline: -1);

    public void Element(scoped ReadOnlySpan<byte> element) => Key.Push(ListEnd.Right, element);

    public void Member(scoped ReadOnlySpan<byte> member) => Key.AddMember(member);

    public void Field(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value) => Key.SetField(name, value);

    // Whoever wrote the dump may have named a member twice: the last score holds.
    public void Scored(scoped ReadOnlySpan<byte> member, double score)
    {
        if (Key.SortedSet().TryGetScore(member, out var before))
            SortedSetValue.Move(Key.Shard, ref Key.Found, before, score, member);
        else
            Key.AddMember(score, member);
    }
}
