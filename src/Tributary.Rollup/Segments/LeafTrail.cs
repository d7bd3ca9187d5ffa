using Tributary.Finance.State;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>The leaves that an operation looks at or writes, each once, in the order in which it first does. A leaf without a place in the tree is always empty and left out.</summary>
internal sealed class LeafTrail : ILeafWatch
{
    private readonly HashSet<LeafKey> _seen = [];

    public List<LeafKey> Keys { get; } = [];

    public void OnAccess(LeafKey key)
    {
        if (StateAddress.Find(key).IsOk && _seen.Add(key))
            Keys.Add(key);
    }
}
