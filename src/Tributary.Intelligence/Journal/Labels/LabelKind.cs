namespace Tributary.Intelligence.Journal.Labels;

/// <summary>What became of a payment. Bitcoin has no chargebacks: what goes wrong there is of other kinds than on a card.</summary>
public enum LabelKind
{
    /// <summary>Settled for good, and nothing came after.</summary>
    Settled = 0,

    /// <summary>The same coins were spent twice.</summary>
    DoubleSpend = 1,

    /// <summary>A refund was obtained by deceit.</summary>
    RefundAbuse = 2,

    /// <summary>A payout was obtained by deceit.</summary>
    PayoutAbuse = 3,

    /// <summary>HTLCs were held to tie up liquidity.</summary>
    HeldHtlcGriefing = 4,

    /// <summary>Invoices were made without the intent to pay.</summary>
    SpamInvoice = 5,

    /// <summary>A dispute of the card rail.</summary>
    CardDispute = 6,

    /// <summary>An account was taken over.</summary>
    AccountTakeover = 7,

    /// <summary>Cards were tried out.</summary>
    CardTesting = 8,

    /// <summary>A person looked and decided; the reason is theirs.</summary>
    AnalystVerdict = 9,
}
