using Tributary.Bitcoin.Descriptors;

namespace Tributary.Bitcoin.Wallets.Accounts;

/// <summary>One descriptor of an account, and how far it is watched.</summary>
internal sealed class ScriptBranch(int account, bool isChange, Descriptor descriptor)
{
    internal int Account { get; } = account;

    internal bool IsChange { get; } = isChange;

    /// <summary>Without secrets; its scripts can always be derived.</summary>
    internal Descriptor Descriptor { get; } = descriptor;

    /// <summary>The first index that was neither handed out nor seen on the chain.</summary>
    internal uint NextIndex { get; set; }

    /// <summary>Scripts that are watched: all below this index.</summary>
    internal uint Covered { get; set; }

    /// <summary>Of these, the ones for which every block from the birthday on has been looked through.</summary>
    internal uint Scanned { get; set; }

    /// <summary>True when blocks that are past may hold payments to scripts that were not watched yet.</summary>
    internal bool NeedsRescan => Scanned < Covered;

    internal ScriptPlace Place(uint index) => new(Account, IsChange, index);

    /// <summary>What the descriptor derives at an index.</summary>
    internal DerivedScript Derive(uint index) => Descriptor.Derive(index).Value[0];
}
