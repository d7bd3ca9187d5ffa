using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Withdrawals;

/// <summary>A payout before it is signed: coins of the vault, the marker, an output for each withdrawal, and what is left back to the vault.</summary>
/// <param name="Rollup">The rollup.</param>
/// <param name="Vault">The vault's script.</param>
/// <param name="Marker">What is paid.</param>
/// <param name="Payments">The outputs of the withdrawals.</param>
internal sealed record PayoutTransaction(Bytes32 Rollup, Script Vault, PayoutMarker Marker, IReadOnlyList<TxOut> Payments)
{
    // Below it nodes do not relay a taproot output (Bitcoin Core's dust limit at 3 sat/vB).
    private static readonly Satoshis s_dust = new(330);

    /// <summary>What the withdrawals come to.</summary>
    public Satoshis Total => Payments.Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);

    /// <summary>
    /// Chooses coins for a feerate: first those that have to be among them, then the oldest. Two payouts of the same withdrawals that know of nothing but
    /// the chain thus spend the same oldest coin.
    /// </summary>
    /// <returns>The coins; null where they do not reach.</returns>
    public IReadOnlyList<VaultCoin>? Choose(IEnumerable<VaultCoin> mandatory, IEnumerable<VaultCoin> coins, FeeratePerKvB feerate)
    {
        var chosen = mandatory.ToList();
        if (chosen.Count > 0 && Left(chosen, feerate) >= Satoshis.Zero)
            return chosen;
        foreach (var coin in coins.Where(coin => !chosen.Contains(coin)).ToList())
        {
            chosen.Add(coin);
            if (Left(chosen, feerate) >= Satoshis.Zero)
                return chosen;
        }

        return null;
    }

    /// <summary>What it pays to miners with these coins at a feerate; what is too little for an output of its own goes there too.</summary>
    public Satoshis Fee(IReadOnlyList<VaultCoin> coins, FeeratePerKvB feerate)
    {
        var left = Left(coins, feerate);
        var spent = coins.Aggregate(Satoshis.Zero, static (sum, coin) => sum + coin.Value);
        return left >= s_dust ? spent - Total - left : spent - Total;
    }

    /// <summary>Builds and signs it.</summary>
    public Result<Transaction, Refusal> Sign(IReadOnlyList<VaultCoin> coins, FeeratePerKvB feerate, SecretKey key, IEntropy entropy)
    {
        var left = Left(coins, feerate);
        if (left < Satoshis.Zero)
            return new Refusal("vault", $"holds too little for withdrawals of {Total} and their fee");
        var unsigned = Draft(coins, left, withSignatures: false);
        TxOut[] spent = [.. coins.Select(coin => new TxOut(coin.Value, Vault))];
        var cache = new PrecomputedTransactionData(unsigned, spent, forSigning: true);
        var inputs = unsigned.Inputs.ToArray();
        for (var i = 0; i < inputs.Length; i++)
        {
            var signature = new byte[64];
            Schnorr.Sign(key, SignatureHash.Taproot(unsigned, i, spent, SighashType.Default, cache: cache).Span, entropy, signature);
            inputs[i] = inputs[i] with { Witness = Witness.Of(signature) };
        }

        return unsigned.WithInputs(inputs);
    }

    private Satoshis Left(IReadOnlyList<VaultCoin> coins, FeeratePerKvB feerate)
    {
        var size = Draft(coins, s_dust, withSignatures: true).VirtualSize;
        return coins.Aggregate(Satoshis.Zero, static (sum, coin) => sum + coin.Value) - Total - feerate.FeeFor(size);
    }

    private Transaction Draft(IReadOnlyList<VaultCoin> coins, Satoshis left, bool withSignatures)
    {
        var signature = new byte[withSignatures ? 64 : 0];
        TxIn[] inputs = [.. coins.Select(coin => withSignatures ? new TxIn(coin.Output) with { Witness = Witness.Of(signature) } : new TxIn(coin.Output))];
        TxOut[] outputs = [new(Satoshis.Zero, Marker.Build(Rollup)), .. Payments];
        return Transaction.Create(2, inputs, left < s_dust ? outputs : [.. outputs, new(left, Vault)]);
    }
}
