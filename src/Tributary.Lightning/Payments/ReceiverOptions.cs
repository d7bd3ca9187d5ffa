namespace Tributary.Lightning.Payments;

/// <summary>How payments are taken.</summary>
/// <param name="MinFinalCltvDelta">Blocks that the last HTLC of an invoice must have left when it arrives, unless the invoice says otherwise.</param>
/// <param name="HoldMinFinalCltvDelta">The same for hold invoices, which are to be held for a while.</param>
/// <param name="KeysendMinFinalCltvDelta">The same for spontaneous payments, whose payers are told nothing: BOLT 11's default.</param>
/// <param name="HoldMarginBlocks">A held payment is given back when its earliest expiry is this near.</param>
/// <param name="ReleaseMarginBlocks">No preimage is given away nearer than this to the earliest expiry: the channel must have time to claim on chain.</param>
/// <param name="MultiPartTimeoutMilliseconds">All parts come within this time of the first, or go back (BOLT 4: a minute at least).</param>
/// <param name="AcceptsKeysend">Spontaneous payments (bLIP 3) are taken.</param>
/// <param name="PartsMax">HTLCs of one payment.</param>
/// <param name="OpenInvoicesMax">Invoices that wait to be paid; further ones are refused.</param>
public sealed record ReceiverOptions(
    uint MinFinalCltvDelta = 40,
    uint HoldMinFinalCltvDelta = 144,
    uint KeysendMinFinalCltvDelta = 18,
    uint HoldMarginBlocks = 36,
    uint ReleaseMarginBlocks = 12,
    long MultiPartTimeoutMilliseconds = 60_000,
    bool AcceptsKeysend = true,
    int PartsMax = 128,
    int OpenInvoicesMax = 1_000_000);
