namespace Tributary.Payments.Rails.Bitcoin.Signing;

/// <summary>A transaction of the watched wallet that somebody has to sign: made once for its transfer, and never another one instead.</summary>
/// <param name="TransferId">The transfer that it pays.</param>
/// <param name="Psbt">As a signer takes it (BIP 174), in base64.</param>
/// <param name="LeaseId">Names the watched wallet's lease on its coins.</param>
/// <param name="Fee">What it pays the network, in millisatoshis.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record SigningOrder(string TransferId, string Psbt, string LeaseId, long Fee, DateTimeOffset CreatedAt)
{
    /// <summary>The signed transaction, once there is one.</summary>
    public byte[]? Signed { get; init; }

    /// <summary>It waits for a signature; false when it has one, or will never need one.</summary>
    public bool IsOpen { get; init; } = true;
}
