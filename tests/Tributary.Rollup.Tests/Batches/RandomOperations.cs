using System.Security.Cryptography;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Tests.Batches;

/// <summary>Operations of every kind against a state, most of them such that the engine takes them, some not.</summary>
internal sealed class RandomOperations(TestRandom random, FinanceState state)
{
    /// <summary>Keys of so many one-time keys last for any test, where nobody has to sign with them.</summary>
    public static readonly KeyParameters Endless = new(KeyParameters.Xmss, KeyParameters.MaxLogLifetime);

    private const uint AccountsMax = 4_000;

    private readonly List<(HtlcId Id, Bytes32 Preimage)> _open = [];
    private ulong _drawn;

    private CountersLeaf Counters => state.Read(FinanceLeaves.Counters, 0);

    /// <summary>Accounts below it have real keys.</summary>
    public uint FirstUnsigned { get; init; } = 2;

    public AccountId AnyAccount() => new(random.Next(500) == 0 ? (uint)random.NextUInt64() : 1 + (uint)random.Next((int)Counters.NextAccount));

    /// <summary>An operation with its true index; of the accounts that need no real signature.</summary>
    public OperationRequest Next(uint height)
    {
        var kind = random.Next(100);
        if (kind < 3 || Counters.NextAccount < FirstUnsigned + 10)
            return new OperationRequest(new RegisterAccount(NextKey(), Endless), null);
        if (kind < 8 && _open.Count > 0)
            return new OperationRequest(End(height), null);
        if (kind is >= 14 and < 20 && Counters.NextAsset > 1 && IssuerOf(1 + (uint)random.Next((int)Counters.NextAsset - 1)) is { } issued)
            return Sign(issued.Issuer, kind < 18 ? new Issue(issued.Asset, new AccountId(issued.Issuer), (ulong)random.Next(1 << 20)) : new Retire(issued.Asset, (ulong)random.Next(1 << 10)), height);
        var from = 0u;
        for (var tries = 0; tries < 6 && (tries == 0 || state.Read(FinanceLeaves.Balances, BalanceLeaf.Address(new AccountId(from), AssetId.Bitcoin)).Amount.Units < 100); tries++)
            from = FirstUnsigned + (uint)random.Next((int)(Counters.NextAccount - FirstUnsigned));
        return Sign(from, Signed(kind, from, height), height);
    }

    /// <summary>Authorises an operation under the next index, or one a little later, or now and then one that is spent.</summary>
    public OperationRequest Sign(uint from, Operation operation, uint height)
    {
        var next = state.Read(FinanceLeaves.Accounts, from).NextIndex;
        var index = random.Next(50) switch
        {
            0 => next + (uint)random.Next(1_000),
            1 when next > 0 => next - 1,
            _ => next,
        };
        return new OperationRequest(operation, new Authorisation(new AccountId(from), index, (ulong)random.Next(4), random.Next(100) == 0 ? height - 1 : height + 10));
    }

    /// <summary>Notes a contract that was locked.</summary>
    public void Take(Outcome outcome)
    {
        foreach (var what in outcome.Events.OfType<HtlcLocked>())
            _open.Add((what.Htlc, PreimageOf(_drawn)));
    }

    public Operation Signed(int kind, uint from, uint height)
    {
        var asset = new AssetId((uint)random.Next(4) == 0 ? (uint)random.Next((int)Counters.NextAsset) : 0);
        var balance = state.Read(FinanceLeaves.Balances, BalanceLeaf.Address(new AccountId(from), asset)).Amount.Units;
        var amount = random.Next(40) == 0 ? balance + 1 : (UInt128)(ulong)random.Next(1 + (int)UInt128.Min(balance / 4, 1 << 20));
        return kind switch
        {
            < 12 => new TransferMany(asset, [.. Enumerable.Range(0, 1 + random.Next(5)).Select(_ => AnyAccount()).Distinct().Order().Select(to => new Payment(to, new Amount(amount / 8)))]),
            < 14 => new CreateAsset((byte)random.Next(20), (ulong)random.NextUInt64(), default),
            < 18 => new Issue(asset, AnyAccount(), (ulong)random.Next(1 << 20)),
            < 20 => new Retire(asset, new Amount(amount)),
            < 23 => new Withdraw(AssetId.Bitcoin, new Amount(amount), random.Bytes(random.Next(44))),
            < 28 => new LockHtlc(asset, AnyAccount(), new Amount(amount), new Bytes32(SHA256.HashData(PreimageOf(++_drawn).Span)), height + (uint)random.Next(12)),
            < 29 => new RotateKey(NextKey(), Endless),
            _ => new Transfer(asset, AnyAccount(), new Amount(amount)),
        };
    }

    public Operation End(uint height)
    {
        var place = random.Next(_open.Count);
        var (id, preimage) = _open[place];
        var terms = state.Read(FinanceLeaves.Htlcs, id.Value);
        if (terms.IsEmpty)
            _open.RemoveAt(place);
        return random.Next(10) == 0 || terms.Timeout <= height ? new RefundHtlc(id) : new ClaimHtlc(id, random.Next(10) == 0 ? default : preimage);
    }

    public bool HasOpen => _open.Count > 0;

    private (AssetId Asset, uint Issuer)? IssuerOf(uint asset)
    {
        var issuer = state.Read(FinanceLeaves.Assets, asset).Issuer.Value;
        return issuer >= FirstUnsigned ? (new AssetId(asset), issuer) : null;
    }

    private Bytes32 NextKey()
    {
        if (Counters.NextAccount >= AccountsMax && random.Next(2) == 0)
            return default;
        var elements = new Proofs.Fields.KoalaBear[TreeDigest.Elements];
        foreach (ref var element in elements.AsSpan())
            element = (uint)random.Next(1 << 30);
        return new TreeDigest(elements).ToBytes32();
    }

    private static Bytes32 PreimageOf(ulong number) => new(SHA256.HashData(BitConverter.GetBytes(number)));
}
