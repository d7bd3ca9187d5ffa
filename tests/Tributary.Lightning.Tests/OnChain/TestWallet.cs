using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>A wallet of one key: P2WPKH coins, found in blocks.</summary>
internal sealed class TestWallet
{
    // Count, signature of 71 bytes, key, each with its length.
    private const int SatisfactionWeight = 1 + 1 + 71 + 1 + 33;

    private readonly SecretKey _key;
    private readonly Dictionary<OutPoint, (TxOut Output, int Height)> _coins = [];
    private readonly Dictionary<OutPoint, OutPoint> _leases = [];

    internal TestWallet(byte seed)
    {
        _key = TestKeys.Secret(seed);
        Span<byte> hash = stackalloc byte[20];
        Hashes.Hash160(_key.PublicKey.ToBytes(), hash);
        Script = StandardScripts.P2wpkh(hash);
        ScriptCode = StandardScripts.P2pkh(hash);
    }

    internal Script Script { get; }

    /// <summary>No coins for fees.</summary>
    internal bool IsEmptyHanded { get; set; }

    internal IReadOnlyDictionary<OutPoint, (TxOut Output, int Height)> Coins => _coins;

    internal Satoshis Balance => _coins.Values.Aggregate(Satoshis.Zero, static (sum, coin) => sum + coin.Output.Value);

    internal int Leases => _leases.Count;

    private Script ScriptCode { get; }

    /// <summary>Rebuilds itself from the whole chain: right after any reorganisation.</summary>
    internal void Scan(IEnumerable<(int Height, Transaction Transaction)> chain)
    {
        _coins.Clear();
        foreach (var (height, transaction) in chain)
            Add(height, transaction);
    }

    internal void Add(int height, Transaction transaction)
    {
        for (var i = 0; i < transaction.InputCount; i++)
            _coins.Remove(transaction.PreviousOutput(i));
        for (var i = 0; i < transaction.OutputCount; i++)
        {
            if (transaction.Output(i).ScriptPubKey == Script)
                _coins[transaction.OutPointOf(i)] = (transaction.Output(i), height);
        }
    }

    internal IReadOnlyList<FeeCoin> Lease(MonitorEffect.NeedsCoins request)
    {
        var chosen = new List<FeeCoin>();
        var missing = request.Amount;
        foreach (var (outPoint, coin) in _coins.OrderByDescending(static coin => coin.Value.Output.Value).ThenBy(static coin => coin.Key))
        {
            if (IsEmptyHanded || missing <= Satoshis.Zero || _leases.ContainsKey(outPoint))
                continue;
            var one = new FeeCoin(outPoint, coin.Output, SatisfactionWeight);
            chosen.Add(one);
            _leases.Add(outPoint, request.Purpose);
            missing -= one.EffectiveValue(request.Feerate);
        }

        return chosen;
    }

    /// <summary>Purposes with a leased coin that is neither in the chain nor spent there.</summary>
    internal IReadOnlyList<OutPoint> FindLost(Func<OutPoint, bool> isSpent) =>
        [.. _leases.Where(lease => !_coins.ContainsKey(lease.Key) && !isSpent(lease.Key)).Select(static lease => lease.Value).Distinct().Order()];

    internal void Release(OutPoint purpose)
    {
        foreach (var outPoint in _leases.Where(lease => lease.Value == purpose).Select(static lease => lease.Key).ToList())
            _leases.Remove(outPoint);
    }

    internal Transaction Sign(Transaction transaction, IReadOnlyDictionary<OutPoint, TxOut> own)
    {
        var inputs = transaction.Inputs.ToArray();
        Span<byte> compact = stackalloc byte[Ecdsa.CompactLength];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!own.TryGetValue(inputs[i].PreviousOutput, out var spent))
                continue;
            var signature = new byte[Ecdsa.DerLengthMax + 1];
            Ecdsa.SignLowR(_key, SignatureHash.SegwitV0(transaction, i, ScriptCode.Span, spent.Value, SighashType.All).Span, compact);
            var length = Ecdsa.CompactToDer(compact, signature);
            signature[length] = SighashType.All;
            inputs[i] = inputs[i] with { Witness = Witness.Of(signature[..(length + 1)], _key.PublicKey.ToBytes()) };
        }

        return transaction.WithInputs(inputs);
    }

    internal Transaction Sign(ClaimTransaction claim) =>
        Sign(claim.Transaction, claim.Coins.ToDictionary(static coin => coin.OutPoint, static coin => coin.Output));
}
