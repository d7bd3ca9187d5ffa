using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Finance.Htlcs;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;

namespace Tributary.Rollup.Swaps;

/// <summary>What a party can do: its wallets on both sides, and the ways to sequencer and Bitcoin. Asked again, nothing is done twice.</summary>
public interface ISwapParty
{
    /// <summary>The key that claims or takes back on Bitcoin; the party's.</summary>
    SecretKey Key { get; }

    /// <summary>Where coins from the contract on Bitcoin go.</summary>
    Script Destination { get; }

    /// <summary>The feerate for a transaction that has so many blocks left.</summary>
    ValueTask<Result<FeeratePerKvB, Refusal>> FeerateAsync(int blocks, CancellationToken cancellationToken);

    /// <summary>Pays the contract on Bitcoin; asked again with the same label it pays no second time.</summary>
    Task<Refusal?> FundAsync(Script contract, Satoshis amount, string label, CancellationToken cancellationToken);

    /// <summary>Hands a transaction to Bitcoin; one that is there already counts as handed in.</summary>
    Task<Refusal?> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken);

    /// <summary>Signs a lock with the account's key, under an index of its own and to expire at a height.</summary>
    Task<Result<ForcedOperation, Refusal>> SignLockAsync(LockHtlc operation, uint expiry, CancellationToken cancellationToken);

    /// <summary>Hands an operation to the sequencer.</summary>
    Task<Refusal?> SubmitAsync(ForcedOperation operation, CancellationToken cancellationToken);

    /// <summary>Posts an operation on Bitcoin; asked again with the same it posts no second time, and raises the fee.</summary>
    Task<Refusal?> PostAsync(ForcedOperation operation, CancellationToken cancellationToken);
}
