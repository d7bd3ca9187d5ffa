using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Tributary.Payments.Storage.Packing;

/// <summary>
/// Texts that documents of payments are made of, each stored as its number. The list only grows at its end: a number that was stored keeps its
/// meaning. The first 126 take one byte as names of properties, the first 192 one byte as values.
/// </summary>
internal static class PackWords
{
    private static readonly string[] s_words = string.Join(' ',
    [
        // Names of properties, those of every payment first.
        "Format File Intent Attempts Receipts Refunds Disputes Id StoreId IsLive Amount MinorUnits Currency Status CaptureMethod InvoiceId Terms Rails",
        "AttachedRail CustomerId Description ReceiptEmail StatementDescriptor Shipping Metadata ClientSecret CreatedAt ExpiresAt LatestAttemptId",
        "AmountReceived AmountCapturable CaptureBefore CaptureAmount LastError ReviewId CanceledAt CancellationReason Version Rail Reference Instruction",
        "Covers Asset Due Quote CardLastFour PaymentMethodId RefundDestination FailureCode DeclineCode Risk AttemptId Value Claim Counted Credited",
        "IsAllocationFinal FirstSeenAt SettledAt Kind Code Parameter Message Bitcoin Price Source SpreadBasisPoints QuotedAt MilliMinorUnits Verdict Notice At",
        "Score Rule Reasons IsHeld OfferLifetime ConfirmationsMin IsExcess Gross FeeBearer Rate Reason CreatedBy ApprovedBy Destination ClaimToken Parts",
        "Transfers FailureMessage Receipt FeeMax ShopperFee OriginAttemptId Fee Proof DueBy Evidence SubmittedAt Session Invoice Payment Review Payout",
        "Customer Method order_id email name",

        // Values and parts of names.
        "pi att ch re evt secret card store main cus pm cs in du po ln test live eur usd gbp chf jpy btc msat",
        "RequiresPaymentMethod RequiresConfirmation RequiresAction Processing RequiresCapture Succeeded Canceled Automatic Manual Lightning OnChain Card",
        "Open Paid Failed Expired Seen Held Settled Released Vanished Allow Block StepUp None Declined InvalidRequest",
        "card_declined generic_decline insufficient_funds store_main fixed 4242 0002 normal elevated highest Pending Sent Merchant Shopper",

        // Names of properties that are rarer.
        "IntentId SessionId OrderId SpeedPolicy DefaultRail IsLazy ActivatedRails Expiration Monitoring RedirectUrl RedirectsAutomatically DefaultLanguage",
        "SearchTerms Mark IsArchived IsByHand AdditionalStatus Secret Lines Name UnitAmount Quantity SuccessUrl CancelUrl CustomerEmail ClientReferenceId",
        "PaymentLinkId Email Phone Address DeletedAt IsDetached SendAt IsAutomatic OpenedAt ClosedAt Closing",
        "AwaitingPayer AwaitsPayer ReturnUrl SetupFutureUsage ToleranceBasisPoints IsTopUp Confirmations AwaitsSignature",
    ]).Split(' ');

    private static readonly byte[][] s_bytes = [.. s_words.Select(Encoding.UTF8.GetBytes)];
    private static readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> s_numbers =
        s_bytes.Select(static (word, number) => (word, number)).ToDictionary(static pair => pair.word, static pair => pair.number, new BytesComparer()).GetAlternateLookup<ReadOnlySpan<byte>>();

    public static int Count => s_words.Length;

    public static ReadOnlySpan<string> All => s_words;

    /// <summary>The word of a number; false for a number that this program does not know.</summary>
    public static bool TryGet(int number, out ReadOnlySpan<byte> word)
    {
        word = (uint)number < (uint)s_bytes.Length ? s_bytes[number] : default;
        return (uint)number < (uint)s_bytes.Length;
    }

    public static bool TryFind(ReadOnlySpan<byte> text, out int number) => s_numbers.TryGetValue(text, out number);

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        // The words are the program's own, so a hash that anyone can foresee does no harm.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = 2_166_136_261;
            foreach (var b in alternate)
                hash = (hash ^ b) * 16_777_619;
            return (int)hash;
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
