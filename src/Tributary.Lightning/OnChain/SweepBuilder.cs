using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Keys;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>Builds transactions that take outputs and pay their fee from them.</summary>
internal sealed class SweepBuilder(ChannelKeys keys, Script destination)
{
    // Version, lock time, two counts and the output; marker and flag.
    private long EmptyWeight => (Transaction.WitnessScaleFactor * (4 + 4 + 2 + 8 + 1 + destination.Length)) + 2;

    /// <summary>Weight units of a transaction with these inputs; signed ones may be lighter by a few.</summary>
    internal long Weigh(IReadOnlyList<Claimable> claims, Close close)
    {
        var inputs = new TxIn[claims.Count];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = new TxIn(claims[i].OutPoint, Script.Empty, claims[i].Sequence, OutputWitness.Of(claims[i], close, keys, OutputWitness.Longest));
        return Transaction.Create(2, inputs, [new TxOut(Satoshis.Zero, destination)]).Weight;
    }

    /// <summary>Would the output, alone, be worth its fee at the floor?</summary>
    internal bool IsEconomic(Claimable claim, Close close) =>
        FeePolicy.IsEconomic(claim.Output.Output.Value, Weigh([claim], close), new TxOut(Satoshis.Zero, destination));

    /// <summary>Leaves out what costs more to take than it holds.</summary>
    internal List<Claimable> WithoutUneconomic(IReadOnlyList<Claimable> claims, Close close, FeeratePerKw feerate)
    {
        var worth = new List<Claimable>(claims.Count);
        foreach (var claim in claims)
        {
            if (claim.Output.Output.Value > feerate.FeeForWeight(Weigh([claim], close) - EmptyWeight))
                worth.Add(claim);
        }

        return worth;
    }

    /// <summary>Builds and signs; null when the outputs cannot pay at least the minimum.</summary>
    /// <param name="claims">What is taken.</param>
    /// <param name="close">What it comes from.</param>
    /// <param name="wanted">The feerate.</param>
    /// <param name="floor">Below it nothing is relayed.</param>
    /// <param name="feeMin">From what it replaces.</param>
    /// <param name="feeMax">From what is at stake.</param>
    internal ClaimTransaction? Build(
        IReadOnlyList<Claimable> claims, Close close, FeeratePerKw wanted, FeeratePerKw floor, Func<long, Satoshis> feeMin, Satoshis feeMax)
    {
        if (claims.Count == 0)
            return null;
        var weight = Weigh(claims, close);
        var value = claims.Aggregate(Satoshis.Zero, static (sum, claim) => sum + claim.Output.Output.Value);
        var least = Max(floor.FeeForWeight(weight), feeMin(weight));

        // What is left has to be more than dust: a small output is taken slowly rather than never.
        var most = Min(feeMax, value - FeePolicy.DustLimit(new TxOut(value, destination)));
        if (least > most)
            return null;
        var output = new TxOut(value - Max(least, Min(most, wanted.FeeForWeight(weight))), destination);

        var inputs = claims.Select(static claim => new TxIn(claim.OutPoint, claim.Sequence)).ToArray();
        var unsigned = Transaction.Create(2, inputs, [output], claims.Max(static claim => claim.LockTime));
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = inputs[i] with { Witness = OutputWitness.Sign(claims[i], close, keys, unsigned, i) };
        return new ClaimTransaction(unsigned.WithInputs(inputs), [], value - output.Value, weight);
    }

    private static Satoshis Max(Satoshis left, Satoshis right) => left > right ? left : right;

    private static Satoshis Min(Satoshis left, Satoshis right) => left < right ? left : right;
}
