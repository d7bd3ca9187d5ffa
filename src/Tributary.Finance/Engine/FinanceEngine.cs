using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Engine;

/// <summary>
/// The engine: one function from a state and an operation to the next state and events, or a refusal. What it answers depends on its arguments
/// alone. It changes the state in place, which the state's journal can take back; a refused operation is taken back before it returns.
/// </summary>
public sealed class FinanceEngine
{
    private static readonly IReadOnlyList<FinanceEvent> NoEvents = [];

    private readonly ModuleTable _modules;
    private readonly Execution _run;

    /// <summary>An engine over a state, whose one owner it becomes until it is let go.</summary>
    public FinanceEngine(ModuleTable modules, FinanceState state)
    {
        ArgumentNullException.ThrowIfNull(modules);
        ArgumentNullException.ThrowIfNull(state);
        _modules = modules;
        _run = new Execution(state);
    }

    public FinanceState State => _run.State;

    /// <summary>
    /// The first state: Bitcoin as asset 0, whose supply starts at nothing, and the operator as account 1.
    /// </summary>
    public static FinanceState Genesis(ModuleTable modules, Bytes32 operatorKeyRoot, KeyParameters operatorKey)
    {
        ArgumentNullException.ThrowIfNull(modules);
        if (!KeyParameters.IsRoot(operatorKeyRoot) || !operatorKey.IsValid)
            throw new ArgumentException("The operator needs a key.", nameof(operatorKeyRoot));
        var state = new FinanceState(modules.Leaves);
        state.Touch(FinanceLeaves.Counters, 0) = new CountersLeaf(AccountId.Operator.Value + 1, AssetId.Bitcoin.Value + 1, 1, 1, 1);
        state.Touch(FinanceLeaves.Accounts, AccountId.Operator.Value) = new AccountLeaf(operatorKeyRoot, operatorKey, 0);
        state.Touch(FinanceLeaves.Assets, AssetId.Bitcoin.Value) = AssetLeaf.Bitcoin;
        state.Forget();
        return state;
    }

    /// <summary>Applies one operation.</summary>
    public Outcome Apply(in OperationContext context, in OperationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request.Operation, nameof(request));
        if (_modules.Find(request.Operation.Code) is not { } handler)
            return Refuse(new Refusal("operation", $"no module here takes {request.Operation.Code}"));
        var start = State.Mark();
        if (CheckSource(handler.Rule, context.Source, request.Authorisation is not null) is { } wrongSource)
            return RefuseSource(wrongSource, context, request, start);
        _run.Begin(context, request.Authorisation?.Account);
        if (request.Authorisation is { } authorisation)
        {
            // Signed at all: from here on a forced operation spends its index.
            if (SpendIndex(authorisation, request.Operation.Code) is { } unauthorised)
                return Refuse(unauthorised, start);
            var spent = State.Mark();
            if ((TakeTerms(authorisation) ?? handler.Apply(_run, request.Operation)) is { } failed)
                return context.Source == OperationSource.ForcedQueue ? Refuse(failed, spent) with { IndexSpent = true } : Refuse(failed, start);
        }
        else if (handler.Apply(_run, request.Operation) is { } refusal)
        {
            return Refuse(refusal, start);
        }

        return new Outcome(null, request.Authorisation is not null, _run.TakeEvents());
    }

    /// <summary>
    /// Says that an operation comes soon: the processor fetches the leaves of its accounts meanwhile. Nothing changes, whether it comes or not.
    /// </summary>
    public void Expect(in OperationRequest request)
    {
        var asset = AssetId.Bitcoin;
        if (request.Operation is Transfer transfer)
        {
            asset = transfer.Asset;
            State.Prefetch(FinanceLeaves.Accounts, transfer.To.Value);
            State.Prefetch(FinanceLeaves.Balances, BalanceLeaf.Address(transfer.To, asset));
        }

        if (request.Authorisation is not { } authorisation)
            return;
        State.Prefetch(FinanceLeaves.Accounts, authorisation.Account.Value);
        State.Prefetch(FinanceLeaves.Balances, BalanceLeaf.Address(authorisation.Account, asset));
    }

    private static Outcome Refuse(Refusal refusal) => new(refusal, false, NoEvents);

    private static Refusal? CheckSource(AuthorisationRule rule, OperationSource source, bool signed) => (rule, source, signed) switch
    {
        (_, OperationSource.System, true) => new Refusal("authorisation", "what the system does bears none"),
        (AuthorisationRule.System or AuthorisationRule.AccountOrSystem, OperationSource.System, false) => null,
        (AuthorisationRule.System, _, _) => new Refusal("operation", "only the system does this"),
        (AuthorisationRule.Anybody, _, true) => new Refusal("authorisation", "what anybody may do bears none"),
        (AuthorisationRule.Anybody, _, false) => null,
        (_, OperationSource.System, false) => new Refusal("authorisation", "an account has to ask for this"),
        (_, _, false) => new Refusal("authorisation", "missing"),
        _ => null,
    };

    // What was forced and signed spends its index even where nobody may ask for it so: its signature is in the open.
    private Outcome RefuseSource(Refusal refusal, in OperationContext context, in OperationRequest request, in Checkpoint start)
    {
        if (context.Source != OperationSource.ForcedQueue || request.Authorisation is not { } authorisation)
            return Refuse(refusal);
        return SpendIndex(authorisation, request.Operation.Code) is { } unauthorised ? Refuse(unauthorised, start) : Refuse(refusal) with { IndexSpent = true };
    }

    private Outcome Refuse(Refusal refusal, in Checkpoint mark)
    {
        State.Undo(mark);
        return Refuse(refusal);
    }

    /// <summary>Moves the account's next index behind the one that signs.</summary>
    private Refusal? SpendIndex(in Authorisation authorisation, OperationCode code)
    {
        ref var leaf = ref State.Touch(FinanceLeaves.Accounts, authorisation.Account.Value);
        if (leaf.IsEmpty)
            return new Refusal("authorisation.account", $"{authorisation.Account} is not registered");
        if (authorisation.Index < leaf.NextIndex)
            return new Refusal("authorisation.index", $"spent: the next of {authorisation.Account} is {leaf.NextIndex}");

        // The last one-time key is kept to sign the next key.
        var last = leaf.Key.LastIndex;
        if (authorisation.Index > last || (authorisation.Index == last && code != OperationCode.RotateKey))
            return new Refusal("authorisation.index", $"the key of {authorisation.Account} signs up to {last}, and the last only its rotation");
        leaf = leaf with { NextIndex = authorisation.Index + 1 };
        return null;
    }

    private Refusal? TakeTerms(in Authorisation authorisation)
    {
        if (_run.Context.Height > authorisation.Expiry)
            return new Refusal("authorisation.expiry", $"expired at {authorisation.Expiry}, it is {_run.Context.Height}");
        if (authorisation.Fee.IsZero)
            return null;
        if (_run.Debit(authorisation.Account, AssetId.Bitcoin, authorisation.Fee) is { } refusal)
            return new Refusal("authorisation.fee", refusal.Reason);
        _run.Credit(AccountId.Operator, AssetId.Bitcoin, authorisation.Fee);
        _run.Emit(new FeePaid(authorisation.Account, authorisation.Fee));
        return null;
    }
}
