using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Pools;

/// <summary>Moves money between accounts and pools as <see cref="ConstantProduct"/> works it out.</summary>
internal static class PoolOperations
{
    public static Refusal? Create(Execution run, CreatePool operation)
    {
        if (operation.Asset0 >= operation.Asset1)
            return new Refusal("asset1", "the lower number comes first");
        foreach (var asset in (ReadOnlySpan<AssetId>)[operation.Asset0, operation.Asset1])
        {
            if (run.State.Read(FinanceLeaves.Assets, asset.Value).IsEmpty)
                return new Refusal("asset", $"there is no {asset}");
        }

        var address = PoolLeaf.Address(operation.Asset0, operation.Asset1);
        if (!run.State.Read(FinanceLeaves.Pools, address).IsEmpty)
            return new Refusal("pool", "there is one of these assets already");
        var shares = new AssetLeaf(AssetKind.Liquidity, 18, AccountId.Nobody, Amount.Zero, Amount.MaxValue, default(Bytes32));
        if (AssetsModule.Add(run, shares, out var liquidity) is { } refusal)
            return refusal;
        run.State.Touch(FinanceLeaves.Pools, address) = new PoolLeaf { Liquidity = liquidity, LastHeight = run.Context.Height };
        run.Emit(new PoolCreated(operation.Asset0, operation.Asset1, liquidity));
        return null;
    }

    public static Refusal? Add(Execution run, AddLiquidity operation)
    {
        if (Find(run, operation.Asset0, operation.Asset1, out var pool) is { } unknown)
            return unknown;
        if (Pay(run, operation.Asset0, operation.Asset1, operation.Amount0, operation.Amount1, ref pool) is { } poor)
            return poor;
        var account = run.Caller!.Value;
        var recipient = FeeRecipient(run);
        if (!ConstantProduct.Mint(pool, Supply(run, pool), recipient != AccountId.Nobody, run.Context.Height).TryGet(out var mint, out var refusal))
            return refusal;
        if (mint.Liquidity < operation.MinimumLiquidity.Units)
            return new Refusal("minimum_liquidity", $"{mint.Liquidity} shares come of it");
        var full = Share(run, pool, recipient, mint.ProtocolLiquidity)
            ?? Share(run, pool, AccountId.Nobody, mint.Locked)
            ?? Share(run, pool, account, mint.Liquidity);
        if (full is not null)
            return full;
        Store(run, operation.Asset0, operation.Asset1, mint.Pool);
        run.Emit(new LiquidityAdded(
            operation.Asset0, operation.Asset1, account, new Amount(mint.Amount0), new Amount(mint.Amount1), new Amount(mint.Liquidity)));
        return null;
    }

    public static Refusal? Remove(Execution run, RemoveLiquidity operation)
    {
        if (Find(run, operation.Asset0, operation.Asset1, out var pool) is { } unknown)
            return unknown;
        var account = run.Caller!.Value;
        if (run.Balance(account, pool.Liquidity) < operation.Liquidity)
            return new Refusal("liquidity", $"{account} has {run.Balance(account, pool.Liquidity)} shares");
        var recipient = FeeRecipient(run);
        var result = ConstantProduct.Burn(pool, Supply(run, pool), operation.Liquidity.Units, recipient != AccountId.Nobody, run.Context.Height);
        if (!result.TryGet(out var burn, out var refusal))
            return refusal;
        if (burn.Amount0 < operation.MinimumAmount0.Units || burn.Amount1 < operation.MinimumAmount1.Units)
            return new Refusal("minimum_amount", $"{burn.Amount0} and {burn.Amount1} come of it");
        if (Share(run, pool, recipient, burn.ProtocolLiquidity) is { } full)
            return full;
        if (run.Destroy(pool.Liquidity, account, operation.Liquidity) is { } poor)
            return poor;
        run.Credit(account, operation.Asset0, new Amount(burn.Amount0));
        run.Credit(account, operation.Asset1, new Amount(burn.Amount1));
        Store(run, operation.Asset0, operation.Asset1, burn.Pool);
        run.Emit(new LiquidityRemoved(
            operation.Asset0, operation.Asset1, account, new Amount(burn.Amount0), new Amount(burn.Amount1), operation.Liquidity));
        return null;
    }

    public static Refusal? Swap(Execution run, Swap operation)
    {
        if (Find(run, operation.Asset0, operation.Asset1, out var pool) is { } unknown)
            return unknown;

        // What comes out is the caller's before what goes in is asked for, as with the original's optimistic transfers.
        if (operation.Amount0Out.Units > pool.Balance0 || operation.Amount1Out.Units > pool.Balance1)
            return new Refusal("pool.liquidity", $"the pool has {pool.Reserve0} and {pool.Reserve1}, and keeps some of both");
        var account = run.Caller!.Value;
        run.Credit(account, operation.Asset0, operation.Amount0Out);
        run.Credit(account, operation.Asset1, operation.Amount1Out);
        if (Pay(run, operation.Asset0, operation.Asset1, operation.Amount0In, operation.Amount1In, ref pool) is { } poor)
            return poor;
        if (!ConstantProduct.Swap(pool, operation.Amount0Out.Units, operation.Amount1Out.Units, run.Context.Height).TryGet(out var swap, out var refusal))
            return refusal;
        Store(run, operation.Asset0, operation.Asset1, swap.Pool);
        run.Emit(new Swapped(
            operation.Asset0, operation.Asset1, account, new Amount(swap.Amount0In), new Amount(swap.Amount1In), operation.Amount0Out, operation.Amount1Out));
        return null;
    }

    public static Refusal? Donate(Execution run, Donate operation)
    {
        if (Find(run, operation.Asset0, operation.Asset1, out var pool) is { } unknown)
            return unknown;
        if (operation.Amount0.IsZero && operation.Amount1.IsZero)
            return new Refusal("amount", "zero");
        if (Pay(run, operation.Asset0, operation.Asset1, operation.Amount0, operation.Amount1, ref pool) is { } poor)
            return poor;
        Store(run, operation.Asset0, operation.Asset1, pool);
        run.Emit(new Donated(operation.Asset0, operation.Asset1, run.Caller!.Value, operation.Amount0, operation.Amount1));
        return null;
    }

    public static Refusal? Skim(Execution run, Skim operation)
    {
        if (Find(run, operation.Asset0, operation.Asset1, out var pool) is { } unknown)
            return unknown;
        var account = run.Caller!.Value;
        var (surplus0, surplus1) = (new Amount(pool.Balance0 - pool.Reserve0), new Amount(pool.Balance1 - pool.Reserve1));
        run.Credit(account, operation.Asset0, surplus0);
        run.Credit(account, operation.Asset1, surplus1);
        Store(run, operation.Asset0, operation.Asset1, pool with { Balance0 = pool.Reserve0, Balance1 = pool.Reserve1 });
        run.Emit(new Skimmed(operation.Asset0, operation.Asset1, account, surplus0, surplus1));
        return null;
    }

    public static Refusal? Sync(Execution run, Sync operation)
    {
        if (Find(run, operation.Asset0, operation.Asset1, out var pool) is { } unknown)
            return unknown;
        if (!ConstantProduct.Sync(pool, run.Context.Height).TryGet(out var counted, out var refusal))
            return refusal;
        Store(run, operation.Asset0, operation.Asset1, counted);
        run.Emit(new Synced(operation.Asset0, operation.Asset1, counted.Reserve0, counted.Reserve1));
        return null;
    }

    public static Refusal? SetFeeRecipient(Execution run, SetPoolFeeRecipient operation)
    {
        if (run.Caller != AccountId.Operator)
            return new Refusal("authorisation.account", "only the operator sets it");
        if (operation.Recipient != AccountId.Nobody && !run.IsRegistered(operation.Recipient))
            return new Refusal("recipient", $"{operation.Recipient} is not registered");
        run.State.Touch(FinanceLeaves.PoolSettings, 0) = new PoolSettingsLeaf(operation.Recipient);
        run.Emit(new PoolFeeRecipientSet(operation.Recipient));
        return null;
    }

    private static AccountId FeeRecipient(Execution run) => run.State.Read(FinanceLeaves.PoolSettings, 0).FeeRecipient;

    private static UInt128 Supply(Execution run, in PoolLeaf pool) => run.State.Read(FinanceLeaves.Assets, pool.Liquidity.Value).Supply.Units;

    private static void Store(Execution run, AssetId asset0, AssetId asset1, in PoolLeaf pool) =>
        run.State.Touch(FinanceLeaves.Pools, PoolLeaf.Address(asset0, asset1)) = pool;

    private static Refusal? Share(Execution run, in PoolLeaf pool, AccountId account, UInt128 liquidity) =>
        liquidity == UInt128.Zero ? null : run.Create(pool.Liquidity, account, new Amount(liquidity));

    private static Refusal? Find(Execution run, AssetId asset0, AssetId asset1, out PoolLeaf pool)
    {
        pool = run.State.Read(FinanceLeaves.Pools, PoolLeaf.Address(asset0, asset1));
        if (pool.IsEmpty)
            return new Refusal("pool", $"there is none of {asset0} and {asset1}, the lower number first");
        return run.Context.Height < pool.LastHeight ? new Refusal("height", $"the pool has been counted at {pool.LastHeight}") : null;
    }

    /// <summary>From the caller into the balances of the pool.</summary>
    private static Refusal? Pay(Execution run, AssetId asset0, AssetId asset1, Amount amount0, Amount amount1, ref PoolLeaf pool)
    {
        var account = run.Caller!.Value;
        if (run.Debit(account, asset0, amount0) is { } poor0)
            return new Refusal("amount0", poor0.Reason);
        if (run.Debit(account, asset1, amount1) is { } poor1)
            return new Refusal("amount1", poor1.Reason);
        if (!new Amount(pool.Balance0).TryAdd(amount0, out var balance0) || !new Amount(pool.Balance1).TryAdd(amount1, out var balance1))
            return new Refusal("pool.overflow", "a balance exceeds 128 bits");
        pool = pool with { Balance0 = balance0.Units, Balance1 = balance1.Units };
        return null;
    }
}
