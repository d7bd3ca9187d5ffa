using System.Diagnostics.CodeAnalysis;
using Tributary.Crypto;

namespace Tributary.Lightning.Commitments;

/// <summary>
/// The keys in one commitment transaction. "Broadcaster" is the side whose transaction it is; its own outputs are delayed and can be revoked.
/// "Countersigner" is the other.
/// </summary>
public sealed record CommitmentKeys
{
    /// <summary>Delays and revocation hang on this point of the broadcaster's.</summary>
    public required PublicKey PerCommitmentPoint { get; init; }

    /// <summary>Whose secret the countersigner learns when the commitment is revoked.</summary>
    public required PublicKey RevocationKey { get; init; }

    public required PublicKey BroadcasterDelayedKey { get; init; }

    public required PublicKey BroadcasterHtlcKey { get; init; }

    public required PublicKey CountersignerHtlcKey { get; init; }

    /// <summary>What the countersigner's own output pays.</summary>
    public required PublicKey CountersignerPaymentKey { get; init; }

    /// <summary>Derives the keys; false when a point of the peer's makes that impossible.</summary>
    public static bool TryDerive(
        CommitmentFormat format,
        in PublicKey perCommitmentPoint,
        ChannelBasepoints broadcaster,
        ChannelBasepoints countersigner,
        [NotNullWhen(true)] out CommitmentKeys? keys)
    {
        keys = null;
        var payment = countersigner.Payment;
        if (!KeyDerivation.TryDeriveRevocationKey(countersigner.Revocation, perCommitmentPoint, out var revocation)
            || !KeyDerivation.TryDerivePublicKey(broadcaster.DelayedPayment, perCommitmentPoint, out var delayed)
            || !KeyDerivation.TryDerivePublicKey(broadcaster.Htlc, perCommitmentPoint, out var broadcasterHtlc)
            || !KeyDerivation.TryDerivePublicKey(countersigner.Htlc, perCommitmentPoint, out var countersignerHtlc)
            || (format == CommitmentFormat.Legacy && !KeyDerivation.TryDerivePublicKey(countersigner.Payment, perCommitmentPoint, out payment)))
        {
            return false;
        }

        keys = new CommitmentKeys
        {
            PerCommitmentPoint = perCommitmentPoint,
            RevocationKey = revocation,
            BroadcasterDelayedKey = delayed,
            BroadcasterHtlcKey = broadcasterHtlc,
            CountersignerHtlcKey = countersignerHtlc,
            CountersignerPaymentKey = payment,
        };
        return true;
    }
}
