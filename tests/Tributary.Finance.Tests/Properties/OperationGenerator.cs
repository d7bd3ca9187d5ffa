using System.Security.Cryptography;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.Pools;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Tests.Properties;

/// <summary>
/// Draws operations for a state: mostly such as could be accepted, some at their limits, some absurd. It looks at the state and never changes it.
/// </summary>
internal sealed class OperationGenerator(FinanceState state, ulong seed)
{
    private const int MaxAccounts = 40;
    private const int MaxAssets = 16;

    private static readonly (AssetId, AssetId)[] Markets =
        [(new(0), new(1)), (new(0), new(2)), (new(1), new(3)), (new(2), new(3)), (new(3), new(4))];

    private readonly TestRandom _random = new(seed);
    private readonly Queue<(AccountId Caller, Operation Operation)> _opening = Opening();

    private AccountId _caller;

    public uint Height { get; private set; } = Bank.Height;

    private CountersLeaf Counters => state.Read(FinanceLeaves.Counters, 0);

    public (OperationContext Context, OperationRequest Request) Next()
    {
        if (_random.OneIn(20))
            Height += (uint)_random.Next(5);
        if (_opening.TryDequeue(out var first))
            return Open(first.Caller, first.Operation);
        var operation = Draw();
        var handler = ModuleTable.All.Operations.Single(handler => handler.Code == operation.Code);
        var isSystem = handler.Rule == AuthorisationRule.System || (handler.Rule == AuthorisationRule.AccountOrSystem && _random.OneIn(2));
        if (_random.OneIn(200))
            isSystem = !isSystem;
        var source = isSystem ? OperationSource.System : _random.OneIn(8) ? OperationSource.ForcedQueue : OperationSource.Sequencer;
        Authorisation? authorisation = isSystem || handler.Rule == AuthorisationRule.Anybody ? null : Authorise(operation);
        return (new OperationContext(Height, source), new OperationRequest(operation, _random.OneIn(300) ? null : authorisation));
    }

    /// <summary>A preimage by number; contracts are locked with these.</summary>
    public static Bytes32 Preimage(int number) => Bank.Root((uint)(0x4000_0000 + number));

    /// <summary>People, money and markets to start from.</summary>
    private static Queue<(AccountId Caller, Operation Operation)> Opening()
    {
        var queue = new Queue<(AccountId, Operation)>();
        for (var account = 2u; account < 10; account++)
        {
            queue.Enqueue((AccountId.Nobody, new RegisterAccount(Bank.Root(account), new KeyParameters(KeyParameters.Xmss, 24))));
            queue.Enqueue((AccountId.Nobody, new Deposit(account - 1, AssetId.Bitcoin, new AccountId(account), account * 10_000_000_000UL)));
        }

        for (var asset = 1u; asset < 5; asset++)
        {
            var issuer = new AccountId(asset + 1);
            var limit = new Amount(asset == 4 ? UInt128.MaxValue : UInt128.One << (30 * (int)asset));
            queue.Enqueue((issuer, new CreateAsset(8, limit, default)));
            for (var account = 2u; account < 10; account++)
                queue.Enqueue((issuer, new Issue(new AssetId(asset), new AccountId(account), new Amount(limit.Units / 16))));
        }

        foreach (var (asset0, asset1) in Markets)
        {
            queue.Enqueue((new AccountId(9), new CreatePool(asset0, asset1)));
            queue.Enqueue((new AccountId(9), new AddLiquidity(asset0, asset1, 5_000_000, 3_000_000, 0)));
        }

        return queue;
    }

    private (OperationContext Context, OperationRequest Request) Open(AccountId caller, Operation operation)
    {
        if (caller == AccountId.Nobody)
            return (new OperationContext(Height, OperationSource.System), new OperationRequest(operation, null));
        var next = state.Read(FinanceLeaves.Accounts, caller.Value).NextIndex;
        return (new OperationContext(Height, OperationSource.Sequencer), new OperationRequest(operation, new Authorisation(caller, next, 0, Height)));
    }

    /// <summary>An asset that the caller has, more likely than not.</summary>
    private AssetId Held()
    {
        var asset = Asset();
        for (var tries = 0; tries < 6 && Balance(_caller, asset).IsZero; tries++)
            asset = Asset();
        return asset;
    }

    private AccountId Account() => new((uint)_random.Next((int)Counters.NextAccount + (_random.OneIn(50) ? 2 : 0)));

    private AssetId Asset() => new((uint)_random.Next((int)Counters.NextAsset + (_random.OneIn(50) ? 2 : 0)));

    private Amount Balance(AccountId account, AssetId asset) => state.Read(FinanceLeaves.Balances, BalanceLeaf.Address(account, asset)).Amount;

    private Amount Part(Amount amount) => new(_random.UpTo(amount.Units));

    private Authorisation Authorise(Operation operation)
    {
        var leaf = state.Read(FinanceLeaves.Accounts, _caller.Value);
        var index = leaf.NextIndex + (uint)(_random.OneIn(10) ? _random.Next(4) : 0);
        if (_random.OneIn(100))
            index--;
        if (operation is RotateKey && _random.OneIn(2))
            index = leaf.Key.LastIndex;
        var fee = _random.OneIn(3) || (Balance(_caller, AssetId.Bitcoin) < 50 && !_random.OneIn(20)) ? 0UL : (ulong)_random.Next(50);
        var expiry = _random.OneIn(100) ? Height - 1 : Height + (uint)_random.Next(10);
        return new Authorisation(_caller, index, fee, expiry);
    }

    private Operation Draw()
    {
        _caller = Account();
        var key = state.Read(FinanceLeaves.Accounts, _caller.Value);
        if (key.NextIndex >= key.Key.LastIndex && _random.OneIn(2))
            return new RotateKey(Bank.Root((uint)_random.Next(1_000_000)), new KeyParameters(KeyParameters.Xmss, 20));
        return _random.Next(100) switch
        {
            < 3 => Counters.NextAccount < MaxAccounts ? new RegisterAccount(Bank.Root((uint)_random.Next(1000)), new KeyParameters(1, (byte)(4 + _random.Next(28)))) : Pay(),
            < 5 => new RotateKey(Bank.Root((uint)_random.Next(1_000_000)), new KeyParameters(1, (byte)(1 + _random.Next(31)))),
            < 7 => Counters.NextAsset < MaxAssets ? new CreateAsset((byte)_random.Next(38), new Amount(_random.UpTo(UInt128.MaxValue)), default) : Pay(),
            < 13 => Issue(),
            < 15 => Retire(),
            < 25 => new Deposit(Counters.NextDeposit + (_random.OneIn(50) ? 1UL : 0), AssetId.Bitcoin, Account(), new Amount(_random.UpTo(100_000_000))),
            < 28 => new Withdraw(AssetId.Bitcoin, Part(Balance(_caller, AssetId.Bitcoin)), new byte[_random.Next(Withdraw.MaxScriptLength + 1)]),
            < 48 => Pay(),
            < 53 => PayMany(),
            < 60 => Lock(),
            < 66 => new ClaimHtlc(Htlc(), Preimage(_random.Next(4))),
            < 71 => new RefundHtlc(Htlc()),
            _ => Trade(),
        };
    }

    private HtlcId Htlc()
    {
        // The open ones are among the last.
        var next = (long)Counters.NextHtlc;
        return new HtlcId((ulong)Math.Max(0, next - _random.Next(12)));
    }

    private Issue Issue()
    {
        var asset = Asset();
        var leaf = state.Read(FinanceLeaves.Assets, asset.Value);
        _caller = leaf.Issuer == AccountId.Nobody ? _caller : leaf.Issuer;
        var room = leaf.Limit >= leaf.Supply ? leaf.Limit - leaf.Supply : Amount.Zero;
        return new Issue(asset, Account(), Part(_random.OneIn(5) ? room : new Amount(UInt128.Min(room.Units, UInt128.One << 90))));
    }

    private Retire Retire()
    {
        var asset = Held();
        return new Retire(asset, Part(Balance(_caller, asset)));
    }

    private Transfer Pay()
    {
        var asset = Held();
        return new Transfer(asset, Account(), Part(Balance(_caller, asset)));
    }

    private TransferMany PayMany()
    {
        var asset = Held();
        var count = 1 + _random.Next(5);
        var payments = Enumerable.Range(0, count)
            .Select(_ => new Payment(Account(), new Amount(_random.UpTo(Balance(_caller, asset).Units / (uint)count))))
            .OrderBy(static payment => payment.To)
            .ToArray();
        return new TransferMany(asset, [.. payments.DistinctBy(static payment => payment.To)]);
    }

    private LockHtlc Lock()
    {
        var asset = Held();
        var hash = new Bytes32(SHA256.HashData(Preimage(_random.Next(4)).Span));
        return new LockHtlc(asset, Account(), Part(Balance(_caller, asset)), hash, Height + (uint)_random.Next(30));
    }

    private Operation Trade()
    {
        var (asset0, asset1) = (Held(), Held());
        if (asset1 < asset0)
            (asset0, asset1) = (asset1, asset0);
        var pool = state.Read(FinanceLeaves.Pools, PoolLeaf.Address(asset0, asset1));
        var (balance0, balance1) = (Balance(_caller, asset0), Balance(_caller, asset1));
        if (pool.IsEmpty && (Counters.NextAsset < MaxAssets - 4 || _random.OneIn(2000)))
            return new CreatePool(asset0, asset1);
        if (pool.IsEmpty)
        {
            (asset0, asset1) = _random.Pick(Markets);
            pool = state.Read(FinanceLeaves.Pools, PoolLeaf.Address(asset0, asset1));
            (balance0, balance1) = (Balance(_caller, asset0), Balance(_caller, asset1));
        }

        switch (_random.Next(20))
        {
            case < 4:
                var amount0 = Part(balance0);
                var amount1 = ConstantProduct.Quote(amount0.Units, pool.Reserve0, pool.Reserve1) is { } quote && !_random.OneIn(5) ? new Amount(quote) : Part(balance1);
                return new AddLiquidity(asset0, asset1, amount0, amount1, _random.OneIn(10) ? 1000UL : 0);
            case < 7:
                return new RemoveLiquidity(asset0, asset1, Part(Balance(_caller, pool.Liquidity)), 0, _random.OneIn(10) ? 1000UL : 0);
            case 7:
                return new Donate(asset0, asset1, Part(balance0), Part(balance1));
            case 8:
                return new Skim(asset0, asset1);
            case 9:
                return new Sync(asset0, asset1);
            case 10:
                _caller = AccountId.Operator;
                return new SetPoolFeeRecipient(_random.OneIn(2) ? AccountId.Nobody : Account());
            default:
                return DrawSwap(asset0, asset1, pool, balance0, balance1);
        }
    }

    private Swap DrawSwap(AssetId asset0, AssetId asset1, in PoolLeaf pool, Amount balance0, Amount balance1)
    {
        if (_random.OneIn(6))
            return new Swap(asset0, asset1, Part(balance0), Part(balance1), Part(new Amount(pool.Reserve0)), Part(new Amount(pool.Reserve1)));
        var forward = _random.OneIn(2);
        var amountIn = Part(forward ? balance0 : balance1);
        var best = forward
            ? ConstantProduct.AmountOut(amountIn.Units, pool.Reserve0, pool.Reserve1)
            : ConstantProduct.AmountOut(amountIn.Units, pool.Reserve1, pool.Reserve0);
        var amountOut = new Amount((best ?? 0) + (_random.OneIn(10) ? 1u : 0));
        return forward ? new Swap(asset0, asset1, amountIn, 0, 0, amountOut) : new Swap(asset0, asset1, 0, amountIn, amountOut, 0);
    }
}
