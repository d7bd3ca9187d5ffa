using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Engine;

/// <summary>What a handler works with: the state, the context, and the moves that all modules share.</summary>
internal sealed class Execution(FinanceState state)
{
    private readonly List<FinanceEvent> _events = [];

    public FinanceState State => state;

    public OperationContext Context { get; private set; }

    /// <summary>Who asks; null for the system, and where anybody may.</summary>
    public AccountId? Caller { get; private set; }

    /// <summary>What has been emitted since <see cref="Begin"/>.</summary>
    public FinanceEvent[] TakeEvents() => [.. _events];

    public void Begin(in OperationContext context, AccountId? caller)
    {
        (Context, Caller) = (context, caller);
        _events.Clear();
    }

    public void Emit(FinanceEvent what) => _events.Add(what);

    /// <summary>True where an account of this number is registered.</summary>
    public bool IsRegistered(AccountId account) => !state.Read(FinanceLeaves.Accounts, account.Value).IsEmpty;

    public Amount Balance(AccountId account, AssetId asset) => state.Read(FinanceLeaves.Balances, BalanceLeaf.Address(account, asset)).Amount;

    /// <summary>Takes from a balance, or says that there is too little.</summary>
    public Refusal? Debit(AccountId account, AssetId asset, Amount amount)
    {
        if (amount.IsZero)
            return null;
        ref var leaf = ref state.Touch(FinanceLeaves.Balances, BalanceLeaf.Address(account, asset));
        if (!leaf.Amount.TrySubtract(amount, out var rest))
            return new Refusal("amount", $"{account} has {leaf.Amount} of {asset}, not {amount}");
        leaf = new BalanceLeaf(rest);
        return null;
    }

    /// <summary>Adds to a balance. That no sum exceeds 128 bits follows from the supply, which is checked where it grows.</summary>
    public void Credit(AccountId account, AssetId asset, Amount amount)
    {
        if (amount.IsZero)
            return;
        ref var leaf = ref state.Touch(FinanceLeaves.Balances, BalanceLeaf.Address(account, asset));
        leaf = new BalanceLeaf(leaf.Amount + amount);
    }

    /// <summary>Makes units of an asset in an account, within its limit.</summary>
    public Refusal? Create(AssetId asset, AccountId account, Amount amount)
    {
        ref var leaf = ref state.Touch(FinanceLeaves.Assets, asset.Value);
        if (!leaf.Supply.TryAdd(amount, out var supply) || supply > leaf.Limit)
            return new Refusal("amount", $"{asset} has {leaf.Supply} of at most {leaf.Limit}");
        leaf = leaf with { Supply = supply };
        Credit(account, asset, amount);
        return null;
    }

    /// <summary>Takes units of an asset out of the world.</summary>
    public Refusal? Destroy(AssetId asset, AccountId account, Amount amount)
    {
        if (Debit(account, asset, amount) is { } refusal)
            return refusal;
        ref var leaf = ref state.Touch(FinanceLeaves.Assets, asset.Value);
        leaf = leaf with { Supply = leaf.Supply - amount };
        return null;
    }
}
