using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Rails.Lightning;

/// <summary>What those who take payments over Lightning alone ask of the rail beyond an offer.</summary>
public interface ILightningReceiver
{
    /// <summary>What can be received now; where somebody gives room to receive, that one is asked first.</summary>
    /// <param name="wanted">What would be enough.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<Result<MilliSatoshis, PaymentError>> ReceivableAsync(MilliSatoshis wanted, CancellationToken cancellationToken);

    /// <summary>The preimage of a payment that has been taken, which its payer has too; null for every other.</summary>
    Bytes32? ProofOf(PaymentFile file, PaymentAttempt attempt);
}
