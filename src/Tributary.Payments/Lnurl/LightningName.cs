namespace Tributary.Payments.Lnurl;

/// <summary>
/// A name that a store is paid under: the part before the @ of a Lightning Address (LUD-16). What is paid to it becomes a payment intent of the
/// store, in satoshis.
/// </summary>
public sealed record LightningName
{
    /// <summary>What a name may be asked for at most by comment, in characters; a comment is kept in metadata, and addresses have bounds.</summary>
    public const int CommentLengthLargest = 400;

    /// <summary>Lower case: a-z, 0-9, "-", "_" and ".".</summary>
    public required string Name { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    /// <summary>What the payer's wallet shows; null for the store's name.</summary>
    public string? Description { get; init; }

    /// <summary>The least that is taken, in satoshis.</summary>
    public long MinSatoshis { get; init; } = 1;

    /// <summary>The most, in satoshis; null for what the channels carry.</summary>
    public long? MaxSatoshis { get; init; }

    /// <summary>The longest comment, in characters; 0 takes none (LUD-12).</summary>
    public int CommentLengthMax { get; init; } = 280;

    /// <summary>What the payer's wallet shows after paying, at most 144 characters; null for a link to the receipt (LUD-09).</summary>
    public string? SuccessMessage { get; init; }

    /// <summary>Is the payer asked for a name (LUD-18)?</summary>
    public PayerDataRule AskName { get; init; }

    /// <summary>Is the payer asked for an e-mail address (LUD-18)?</summary>
    public PayerDataRule AskEmail { get; init; }

    /// <summary>What a payment's metadata says beside.</summary>
    public string? Reference { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Otherwise nobody can pay it. A name that was given up stays its store's: nobody else is paid under it.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>Is the payer asked for anything?</summary>
    public bool AsksPayer => AskName != PayerDataRule.None || AskEmail != PayerDataRule.None;
}
