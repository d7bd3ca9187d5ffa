using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Pools;

/// <summary>Exchange against constant-product pools, with the semantics of Uniswap v2.</summary>
public sealed class PoolsModule : IFinanceModule
{
    public string Name => "pools";

    public IReadOnlyList<LeafType> Leaves { get; } = [FinanceLeaves.Pools, FinanceLeaves.PoolSettings];

    public IReadOnlyList<OperationHandler> Operations { get; } =
    [
        new OperationHandler<CreatePool>(OperationCode.CreatePool, AuthorisationRule.Account, ReadCreate, PoolOperations.Create),
        new OperationHandler<AddLiquidity>(OperationCode.AddLiquidity, AuthorisationRule.Account, ReadAdd, PoolOperations.Add),
        new OperationHandler<RemoveLiquidity>(OperationCode.RemoveLiquidity, AuthorisationRule.Account, ReadRemove, PoolOperations.Remove),
        new OperationHandler<Swap>(OperationCode.Swap, AuthorisationRule.Account, ReadSwap, PoolOperations.Swap),
        new OperationHandler<Donate>(OperationCode.Donate, AuthorisationRule.Account, ReadDonate, PoolOperations.Donate),
        new OperationHandler<Skim>(OperationCode.Skim, AuthorisationRule.Account, ReadSkim, PoolOperations.Skim),
        new OperationHandler<Sync>(OperationCode.Sync, AuthorisationRule.Account, ReadSync, PoolOperations.Sync),
        new OperationHandler<SetPoolFeeRecipient>(
            OperationCode.SetPoolFeeRecipient,
            AuthorisationRule.Account,
            static (ref reader) => reader.TryReadAccount(out var recipient) ? new SetPoolFeeRecipient(recipient) : null,
            PoolOperations.SetFeeRecipient),
    ];

    private static CreatePool? ReadCreate(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset0) && reader.TryReadAsset(out var asset1) ? new CreatePool(asset0, asset1) : null;

    private static AddLiquidity? ReadAdd(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset0)
        && reader.TryReadAsset(out var asset1)
        && reader.TryReadAmount(out var amount0)
        && reader.TryReadAmount(out var amount1)
        && reader.TryReadAmount(out var minimum)
            ? new AddLiquidity(asset0, asset1, amount0, amount1, minimum)
            : null;

    private static RemoveLiquidity? ReadRemove(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset0)
        && reader.TryReadAsset(out var asset1)
        && reader.TryReadAmount(out var liquidity)
        && reader.TryReadAmount(out var minimum0)
        && reader.TryReadAmount(out var minimum1)
            ? new RemoveLiquidity(asset0, asset1, liquidity, minimum0, minimum1)
            : null;

    private static Swap? ReadSwap(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset0)
        && reader.TryReadAsset(out var asset1)
        && reader.TryReadAmount(out var in0)
        && reader.TryReadAmount(out var in1)
        && reader.TryReadAmount(out var out0)
        && reader.TryReadAmount(out var out1)
            ? new Swap(asset0, asset1, in0, in1, out0, out1)
            : null;

    private static Donate? ReadDonate(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset0)
        && reader.TryReadAsset(out var asset1)
        && reader.TryReadAmount(out var amount0)
        && reader.TryReadAmount(out var amount1)
            ? new Donate(asset0, asset1, amount0, amount1)
            : null;

    private static Skim? ReadSkim(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset0) && reader.TryReadAsset(out var asset1) ? new Skim(asset0, asset1) : null;

    private static Sync? ReadSync(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset0) && reader.TryReadAsset(out var asset1) ? new Sync(asset0, asset1) : null;
}
