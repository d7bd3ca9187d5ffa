namespace Tributary.Lightning.OnChain;

/// <summary>Blocks that claims keep between themselves and what could go wrong.</summary>
public static class ClaimMargins
{
    /// <summary>
    /// A known preimage goes on chain this many blocks before its HTLC expires: two transactions in a row have to confirm (the commitment, then
    /// HTLC-success), each with time for several replacements by fee. Three hours. A node that forwards must leave at least twice that
    /// between its HTLCs.
    /// </summary>
    public const int ClaimBlocks = 18;

    /// <summary>
    /// The same where the peer has not agreed with our state since the start, which may be an old one: as late as two transactions in a row still
    /// confirm in time, so that the peer has as long as can be to come back. Two hours.
    /// </summary>
    public const int UnconfirmedClaimBlocks = 12;

    /// <summary>Of our balance, what HTLCs have to be worth for a state that the peer has not agreed with to be published over them: a hundredth.</summary>
    public const int UnconfirmedShare = 100;

    /// <summary>
    /// An offered HTLC may be past its expiry for so long before the channel is closed over it: the peer's failure may be on its way, and the
    /// two sides may see blocks at different times.
    /// </summary>
    public const int GraceBlocks = 3;

    /// <summary>The same for an HTLC without an output: nothing on chain depends on it, but its payment would stay pending for ever. A day.</summary>
    public const int DustGraceBlocks = 144;

    /// <summary>What a second-stage transaction gets to confirm in when the deadline of its commitment is counted.</summary>
    public const int SecondStageBlocks = 6;

    /// <summary>With so few blocks left every output is claimed by a transaction of its own: what holds one up holds no other.</summary>
    public const int SplitBlocks = 6;

    /// <summary>Contested outputs in one transaction that has not confirmed after so many blocks are split: one of them may be what holds it up.</summary>
    public const int SplitAfterBlocks = 2;

    /// <summary>With so few blocks left a claim is replaced in every block.</summary>
    public const int UrgentBlocks = 6;

    /// <summary>A claim without a deadline is replaced after so many blocks in which it did not confirm.</summary>
    public const int PatienceBlocks = 12;
}
