namespace Tributary.Finance.State;

/// <summary>Is told of every leaf that an operation looks at or writes, before it does: what the outcome can depend on.</summary>
public interface ILeafWatch
{
    /// <summary>A leaf is about to be looked at or written; told of one as often as that happens.</summary>
    void OnAccess(LeafKey key);
}
