using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Assets;

/// <summary>Assets: issued ones, and those that come from Bitcoin and go back.</summary>
public sealed class AssetsModule : IFinanceModule
{
    public string Name => "assets";

    public IReadOnlyList<LeafType> Leaves { get; } = [FinanceLeaves.Assets, FinanceLeaves.Balances];

    public IReadOnlyList<OperationHandler> Operations { get; } =
    [
        new OperationHandler<CreateAsset>(OperationCode.CreateAsset, AuthorisationRule.Account, ReadCreate, Create),
        new OperationHandler<Issue>(OperationCode.Issue, AuthorisationRule.Account, ReadIssue, Issue),
        new OperationHandler<Retire>(OperationCode.Retire, AuthorisationRule.Account, ReadRetire, Retire),
        new OperationHandler<Deposit>(OperationCode.Deposit, AuthorisationRule.System, ReadDeposit, Deposit),
        new OperationHandler<Withdraw>(OperationCode.Withdraw, AuthorisationRule.Account, ReadWithdraw, Withdraw),
    ];

    /// <summary>Draws the next number for an asset and stores it.</summary>
    internal static Refusal? Add(Execution run, AssetLeaf leaf, out AssetId asset)
    {
        ref var counters = ref run.State.Touch(FinanceLeaves.Counters, 0);
        asset = new AssetId(counters.NextAsset);
        if (asset.Value >= AssetId.Limit)
            return new Refusal("operation", "there is no number left for an asset");
        counters = counters with { NextAsset = asset.Value + 1 };
        run.State.Touch(FinanceLeaves.Assets, asset.Value) = leaf;
        return null;
    }

    /// <summary>The asset, where it is one of this kind.</summary>
    private static Refusal? Find(Execution run, AssetId asset, AssetKind kind, out AssetLeaf leaf)
    {
        leaf = run.State.Read(FinanceLeaves.Assets, asset.Value);
        if (leaf.IsEmpty)
            return new Refusal("asset", $"there is no {asset}");
        return leaf.Kind == kind ? null : new Refusal("asset", $"{asset} is {leaf.Kind.ToString().ToLowerInvariant()}, not {kind.ToString().ToLowerInvariant()}");
    }

    private static Refusal? Create(Execution run, CreateAsset operation)
    {
        if (operation.Decimals > AssetLeaf.MaxDecimals)
            return new Refusal("decimals", $"at most {AssetLeaf.MaxDecimals}");
        if (operation.Limit.IsZero)
            return new Refusal("limit", "zero: the asset could never exist");
        var issuer = run.Caller!.Value;
        if (Add(run, new AssetLeaf(AssetKind.Issued, operation.Decimals, issuer, Amount.Zero, operation.Limit, operation.Metadata), out var asset) is { } refusal)
            return refusal;
        run.Emit(new AssetCreated(asset, issuer, operation.Limit));
        return null;
    }

    private static Refusal? Issue(Execution run, Issue operation)
    {
        if (Find(run, operation.Asset, AssetKind.Issued, out var leaf) is { } unknown)
            return unknown;
        if (leaf.Issuer != run.Caller)
            return new Refusal("authorisation.account", $"{operation.Asset} is issued by {leaf.Issuer}");
        if (Check(run, operation.To, operation.Amount) is { } misfit)
            return misfit;
        if (run.Create(operation.Asset, operation.To, operation.Amount) is { } refusal)
            return refusal;
        run.Emit(new Issued(operation.Asset, operation.To, operation.Amount));
        return null;
    }

    private static Refusal? Retire(Execution run, Retire operation)
    {
        if (Find(run, operation.Asset, AssetKind.Issued, out _) is { } unknown)
            return unknown;
        if (operation.Amount.IsZero)
            return new Refusal("amount", "zero");
        var account = run.Caller!.Value;
        if (run.Destroy(operation.Asset, account, operation.Amount) is { } refusal)
            return refusal;
        run.Emit(new Retired(operation.Asset, account, operation.Amount));
        return null;
    }

    private static Refusal? Deposit(Execution run, Deposit operation)
    {
        if (Find(run, operation.Asset, AssetKind.Bridged, out _) is { } unknown)
            return unknown;
        if (Check(run, operation.To, operation.Amount) is { } misfit)
            return misfit;
        ref var counters = ref run.State.Touch(FinanceLeaves.Counters, 0);
        if (operation.Number != counters.NextDeposit)
            return new Refusal("number", $"the next deposit is {counters.NextDeposit}");
        counters = counters with { NextDeposit = operation.Number + 1 };
        if (run.Create(operation.Asset, operation.To, operation.Amount) is { } refusal)
            return refusal;
        run.Emit(new Deposited(operation.Number, operation.Asset, operation.To, operation.Amount));
        return null;
    }

    private static Refusal? Withdraw(Execution run, Withdraw operation)
    {
        if (Find(run, operation.Asset, AssetKind.Bridged, out _) is { } unknown)
            return unknown;
        if (operation.Amount.IsZero)
            return new Refusal("amount", "zero");
        if (operation.Script.Length is 0 or > Assets.Withdraw.MaxScriptLength)
            return new Refusal("script", $"from 1 to {Assets.Withdraw.MaxScriptLength} bytes");
        var account = run.Caller!.Value;
        if (run.Destroy(operation.Asset, account, operation.Amount) is { } refusal)
            return refusal;
        ref var counters = ref run.State.Touch(FinanceLeaves.Counters, 0);
        var number = counters.NextWithdrawal;
        counters = counters with { NextWithdrawal = number + 1 };
        run.Emit(new Withdrawn(number, operation.Asset, account, operation.Amount, operation.Script));
        return null;
    }

    private static Refusal? Check(Execution run, AccountId to, Amount amount)
    {
        if (amount.IsZero)
            return new Refusal("amount", "zero");
        return run.IsRegistered(to) ? null : new Refusal("to", $"{to} is not registered");
    }

    private static CreateAsset? ReadCreate(ref SpanReader reader) =>
        reader.TryReadByte(out var decimals) && reader.TryReadAmount(out var limit) && reader.TryReadBytes32(out var metadata)
            ? new CreateAsset(decimals, limit, metadata)
            : null;

    private static Issue? ReadIssue(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset) && reader.TryReadAccount(out var to) && reader.TryReadAmount(out var amount)
            ? new Issue(asset, to, amount)
            : null;

    private static Retire? ReadRetire(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset) && reader.TryReadAmount(out var amount) ? new Retire(asset, amount) : null;

    private static Deposit? ReadDeposit(ref SpanReader reader) =>
        reader.TryReadUInt64LittleEndian(out var number)
        && reader.TryReadAsset(out var asset)
        && reader.TryReadAccount(out var to)
        && reader.TryReadAmount(out var amount)
            ? new Deposit(number, asset, to, amount)
            : null;

    private static Withdraw? ReadWithdraw(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset)
        && reader.TryReadAmount(out var amount)
        && reader.TryReadCompactSizeBytes(out var script)
        && script.Length <= Assets.Withdraw.MaxScriptLength
            ? new Withdraw(asset, amount, script.ToArray())
            : null;
}
