using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Chain.Mirror;

/// <summary>
/// Makes up transactions over a set of outputs, from a seed: good ones mostly, of all kinds of outputs, in chains and families and conflicts;
/// and some with a flaw.
/// </summary>
public sealed class RandomSpends(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<(OutPoint OutPoint, TxOut Output, Lock Lock)> _coins = [];

    /// <summary>Outputs that were made so far, spent or not.</summary>
    public IEnumerable<OutPoint> Known => _coins.Select(static coin => coin.OutPoint);

    public int Next(int bound) => _random.Next(bound);

    public Lock NextLock() => Lock.All[_random.Next(Lock.All.Count)];

    /// <summary>For outputs in the mempool: Bitcoin Knots relays no longer scripts, whatever it is told about policy.</summary>
    private Script NextRelayedScript()
    {
        Script script;
        do
            script = NextLock().Script;
        while (script.Length > 34);
        return script;
    }

    /// <summary>Outputs of ours in a transaction can be spent from now on; most of what it spends is forgotten, some is left to fight for.</summary>
    public void Learn(Transaction transaction)
    {
        for (var i = 0; i < transaction.InputCount; i++)
        {
            var spent = transaction.PreviousOutput(i);
            if (_random.Next(5) > 1)
                _coins.RemoveAll(coin => coin.OutPoint == spent);
        }

        for (var i = 0; i < transaction.OutputCount; i++)
        {
            var output = transaction.Output(i);
            if (Lock.All.FirstOrDefault(one => one.Script == output.ScriptPubKey) is { } found)
                _coins.Add((transaction.OutPointOf(i), output, found));
        }
    }

    /// <summary>A transaction over one to three outputs, recent ones preferred, which may or may not be spent already.</summary>
    public Transaction Make()
    {
        var coins = Enumerable.Range(0, 1 + (_random.Next(3) * _random.Next(2))).Select(_ => Pick()).DistinctBy(static coin => coin.OutPoint).ToList();
        var version = _random.Next(8) switch
        {
            0 or 1 => 3u,
            2 => 1u,
            _ => 2u,
        };
        return Build(coins, version, NextFee(), _random.Next(5) == 0);
    }

    /// <summary>A parent without a fee, with an anchor, and its child that may or may not pay enough.</summary>
    public Transaction[] MakePackage()
    {
        var version = _random.Next(4) == 0 ? 2u : 3u;
        var parent = Build([Pick()], version, fee: _random.Next(3) == 0 ? NextFee() : 0, withAnchor: _random.Next(4) != 0);
        var coins = Enumerable.Range(0, parent.OutputCount)
            .Select(i => (parent.OutPointOf(i), parent.Output(i), Lock.All.First(one => one.Script == parent.Output(i).ScriptPubKey)))
            .ToList();
        if (_random.Next(6) == 0)
            coins.RemoveAt(coins.Count - 1);
        if (coins.Count == 0 || _random.Next(6) == 0)
            coins.Add(Pick());
        return [parent, Build(coins, version, _random.Next(3) == 0 ? _random.Next(50) : NextFee() * 2, withAnchor: false)];
    }

    private (OutPoint OutPoint, TxOut Output, Lock Lock) Pick() =>
        _coins[_random.Next(2) == 0 ? _random.Next(_coins.Count) : Math.Max(0, _coins.Count - 1 - _random.Next(40))];

    private long NextFee() => _random.Next(4) switch
    {
        0 => _random.Next(60),
        1 => 200 + _random.Next(300),
        _ => 500 + _random.Next(20_000),
    };

    private Transaction Build(List<(OutPoint OutPoint, TxOut Output, Lock Lock)> coins, uint version, long fee, bool withAnchor)
    {
        var total = coins.Sum(static coin => coin.Output.Value.Value) - fee;
        var count = 1 + _random.Next(3);
        var outputs = Enumerable.Range(0, count).Select(_ => new TxOut(new Satoshis(Math.Max(0, total / count)), NextRelayedScript())).ToList();
        // What division leaves over goes to the first: a fee of zero has to be zero.
        outputs[0] = outputs[0] with { Value = new Satoshis(Math.Max(0, total - (total / count * (count - 1)))) };
        if (withAnchor)
            outputs.Add(new TxOut(Satoshis.Zero, StandardScripts.P2a));

        var flaw = _random.Next(30);
        var inputs = coins.Select(coin => new TxIn(coin.OutPoint, flaw == 0 ? TxIn.Final : coin.Lock.Sequence)).ToArray();
        var lockTime = flaw == 1 ? 1_000u : 0u;
        var unsigned = Transaction.Create(version, inputs, [.. outputs], lockTime);
        var spent = coins.Select(static coin => coin.Output).ToArray();
        var signed = unsigned.WithInputs([.. coins.Select((coin, i) => coin.Lock.Unlock(unsigned, i, spent))]);
        return flaw switch
        {
            // The signatures cover something else.
            2 => Transaction.Create(version, [.. signed.Inputs], [.. outputs.Select(static output => output with { Value = new Satoshis(Math.Max(0, output.Value.Value - 1)) })], lockTime),
            3 => signed.WithInputs([.. signed.Inputs.Select(static input => input with { Witness = Witness.Empty })]),
            _ => signed,
        };
    }
}
