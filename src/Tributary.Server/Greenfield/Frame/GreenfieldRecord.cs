namespace Tributary.Server.Greenfield.Frame;

/// <summary>What a handler reads of a request: the source of the document of the dialect.</summary>
internal sealed class GreenfieldRecord
{
    private readonly List<Member> _members = [];

    /// <summary>One value that is read.</summary>
    /// <param name="Path">Its name; members of objects within are joined by dots.</param>
    /// <param name="Type">A type of JSON Schema, or "amount" for a decimal as text.</param>
    /// <param name="IsQuery">It stands in the address.</param>
    internal sealed record Member(string Path, string Type, bool IsQuery)
    {
        /// <summary>The words that it can be; empty for any.</summary>
        public IReadOnlyList<string> Words { get; init; } = [];

        public bool IsRepeated { get; init; }
    }

    /// <summary>In the order in which they are read.</summary>
    public IReadOnlyList<Member> Members => _members;

    public void Add(Member member)
    {
        if (!_members.Exists(known => known.IsQuery == member.IsQuery && string.Equals(known.Path, member.Path, StringComparison.Ordinal)))
            _members.Add(member);
    }
}
