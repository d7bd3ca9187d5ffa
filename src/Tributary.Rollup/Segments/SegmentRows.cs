#pragma warning disable MA0048 // The rows of a witness stand together.
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.State;
using Tributary.Proofs.Fields;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>An instruction with what it reads.</summary>
internal sealed record OperationRow(Instruction Instruction)
{
    public AccountLeaf Payer { get; set; }

    public uint PayerTime { get; set; }

    public AccountLeaf Payee { get; set; }

    public uint PayeeTime { get; set; }
}

/// <summary>A change of a balance.</summary>
internal sealed record MoveRow(uint Time, uint Account, uint Slot, bool IsDebit, Amount Amount, Amount Before, Amount After, uint TimeBefore);

/// <summary>A change of one block of a leaf that the statement shows.</summary>
internal sealed record CellRow(uint Time, LeafKind Kind, ulong Index, int Block, KoalaBear[] Before, KoalaBear[] After, uint TimeBefore);

/// <summary>A signature that holds: of what, under which key, and its elements.</summary>
internal sealed record SignatureRow(uint Number, uint Index, int LogLifetime, TreeDigest Message, KoalaBear[] Elements);

/// <summary>A node of the tree above touched leaves: children and digest, before and after.</summary>
internal struct NodeRow
{
    /// <summary>Levels below it, at least one.</summary>
    public int Height;

    /// <summary>Its place among the nodes of its height.</summary>
    public ulong Index;
    public bool LeftTouched;
    public bool RightTouched;
    public TreeDigest LeftBefore;
    public TreeDigest RightBefore;
    public TreeDigest Before;
    public TreeDigest LeftAfter;
    public TreeDigest RightAfter;
    public TreeDigest After;
}

/// <summary>A touched leaf with the digests of every step of its hash, before and after.</summary>
internal sealed record LeafRow(TouchedLeaf Leaf, TreeDigest[] Before, TreeDigest[] After);
