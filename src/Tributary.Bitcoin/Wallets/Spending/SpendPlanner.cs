using System.Collections.Immutable;
using Tributary.Bitcoin.Policy;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets.Accounts;
using Tributary.Bitcoin.Wallets.Coins;
using Tributary.Bitcoin.Wallets.State;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets.Spending;

/// <summary>Turns a request into an unsigned transaction: which coins, what change, what fee. Changes nothing.</summary>
internal sealed class SpendPlanner(WalletState state, WalletJudgement judgement, WalletOptions options, IEntropy entropy, long now)
{
    private const int StandardWeightMax = 400_000;
    private const int SequenceFinalButForLockTime = -2;
    private const int AntiFeeSnipingDepth = 100;

    // Where change starts to tell itself from a payment (Bitcoin Core).
    private const long ChangeGoalMin = 50_000;
    private const long ChangeGoalMax = 1_000_000;

    private readonly RandomNumbers _random = new(entropy);

    /// <summary>Plans a payment.</summary>
    internal Result<SpendPlan, Refusal> Plan(SendRequest request, FeeratePerKvB feerate)
    {
        if (CheckOutputs(request.Outputs) is { } refusal)
            return refusal;
        if (!SpendableCoins(request, feerate).TryGet(out var coins, out refusal))
            return refusal;
        if (!ChooseChangeAccount(request, coins).TryGet(out var changeAccount, out refusal))
            return refusal;

        var isGiven = !request.Inputs.IsEmpty;
        var change = new Change(changeAccount, options);
        return request.Outputs.Any(static output => output.Amount is null)
            ? PlanAll(request, feerate, coins, change)
            : PlanAmount(request, feerate, coins, isGiven, change);
    }

    /// <summary>
    /// Plans a transaction of these inputs that pays at least a fee, adding confirmed coins where they do not suffice: for replacements
    /// and children.
    /// </summary>
    /// <param name="inputs">Coins that must be spent.</param>
    /// <param name="outputs">Outputs that must be paid; none for a child that sends everything back.</param>
    /// <param name="changePlace">Where change goes.</param>
    /// <param name="feeFor">The fee by weight.</param>
    /// <param name="feerate">What further inputs pay.</param>
    /// <param name="version">The transaction's version.</param>
    /// <param name="mayAdd">Whether coins may be added.</param>
    internal Result<SpendPlan, Refusal> PlanAround(
        IReadOnlyList<OutputEntry> inputs, IReadOnlyList<TxOut> outputs, ScriptPlace changePlace, Func<long, Satoshis> feeFor, FeeratePerKvB feerate, uint version, bool mayAdd)
    {
        var change = new Change(state.Accounts[changePlace.Account], options);
        var changeScript = state.Branch(changePlace).Derive(changePlace.Index).ScriptPubKey;
        var paid = outputs.Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);
        List<OutputEntry> chosen = [.. inputs];
        var request = new SendRequest { Outputs = [], SpendsUnconfirmed = false, SpendsReserve = true };
        var more = mayAdd && SpendableCoins(request, feerate).TryGet(out var coins)
            ? new Queue<Coin>(coins.Where(coin => inputs.All(input => input.OutPoint != coin.OutPoint)).OrderByDescending(coin => CoinSelector.EffectiveValue(coin, feerate).Value))
            : new Queue<Coin>();
        while (true)
        {
            var total = chosen.Aggregate(Satoshis.Zero, static (sum, input) => sum + input.Output.Value);
            var weights = chosen.Select(Weight).ToArray();
            var fee = feeFor(TransactionWeight(weights, [.. outputs, new TxOut(default, changeScript)]));
            var left = total - paid - fee;
            if (left >= change.Min(feerate))
                return Build(chosen, outputs, new TxOut(left, changeScript), changePlace, fee, version, TxIn.Replaceable, CoinSelectionAlgorithm.Given);

            fee = outputs.Count == 0 ? fee : feeFor(TransactionWeight(weights, outputs));
            if (outputs.Count > 0 && total - paid >= fee)
                return Build(chosen, outputs, changeOutput: null, changePlace: null, total - paid, version, TxIn.Replaceable, CoinSelectionAlgorithm.Given);
            if (!more.TryDequeue(out var added) || CoinSelector.EffectiveValue(added, feerate).Value <= 0)
                return new Refusal("fee", $"of {fee.Value} sat is {(paid + fee - total).Value} sat more than there is to pay it");
            chosen.Add(state.Outputs[added.OutPoint]);
        }
    }

    /// <summary>Weight of an input that spends an output of the wallet.</summary>
    internal int Weight(OutputEntry output)
    {
        var signature = state.Accounts[output.Place.Account].HasKeys ? InputWeights.LowRSignature : InputWeights.AnySignature;
        return InputWeights.Of(state.Branch(output.Place).Derive(output.Place.Index), signature);
    }

    private static long TransactionWeight(int[] inputWeights, IReadOnlyCollection<TxOut> outputs)
    {
        // Version and lock time; the marker and flag of segwit.
        var stripped = 8 + CompactSize(inputWeights.Length) + CompactSize(outputs.Count) + outputs.Sum(OutputSize);
        return (stripped * Transaction.WitnessScaleFactor) + 2 + inputWeights.Sum(static weight => (long)weight);
    }

    private static int OutputSize(TxOut output) => sizeof(long) + CompactSize(output.ScriptPubKey.Length) + output.ScriptPubKey.Length;

    private static int CompactSize(int value) => value < 0xfd ? 1 : value <= ushort.MaxValue ? 3 : 5;

    private Refusal? CheckOutputs(ImmutableArray<SendOutput> outputs)
    {
        if (outputs.IsEmpty)
            return new Refusal("outputs", "are none");
        if (outputs.Count(static output => output.Amount is null) > 1)
            return new Refusal("outputs", "take all that is left more than once");
        var sum = Satoshis.Zero;
        for (var i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].Amount is not { } amount)
                continue;
            var output = new TxOut(amount, outputs[i].ScriptPubKey);
            var least = Dust.Threshold(output, options.DustFeerate);
            if (!amount.IsInMoneyRange || !sum.TryAdd(amount, out sum) || !sum.IsInMoneyRange)
                return new Refusal($"outputs[{i}].amount", "is not between 0 and 21 million bitcoin");
            if (amount < least)
                return new Refusal($"outputs[{i}].amount", $"of {amount.Value} sat is dust, which nodes do not relay: at least {least.Value} sat are");
        }

        return null;
    }

    /// <summary>Coins that the request may spend.</summary>
    private Result<IReadOnlyList<Coin>, Refusal> SpendableCoins(SendRequest request, FeeratePerKvB feerate)
    {
        var leased = state.Leases.Values
            .Where(lease => !lease.IsOver(now) && !string.Equals(lease.Id, request.LeaseId, StringComparison.Ordinal))
            .SelectMany(static lease => lease.OutPoints).ToHashSet();
        if (!request.Inputs.IsEmpty)
            return GivenCoins(request.Inputs, leased, feerate);

        var mine = request.LeaseId is { } id && state.Leases.TryGetValue(id, out var own) ? own.OutPoints.ToHashSet() : null;
        var accounts = Accounts(request.Account).Select(static account => account.Id).ToHashSet();
        return judgement.Unspent()
            .Where(output => accounts.Contains(output.Place.Account) && !leased.Contains(output.OutPoint) && (mine is null || mine.Contains(output.OutPoint)))
            .Where(output => IsSpendable(output, request.SpendsUnconfirmed))
            .Select(output => ToCoin(output, feerate))
            .ToArray();
    }

    private IEnumerable<WalletAccount> Accounts(int? number)
    {
        if (number is { } one)
            return state.Accounts.Where(account => account.Id == one);
        var signed = state.Accounts.Where(static account => account.HasKeys).ToArray();
        return signed.Length > 0 ? signed : state.Accounts;
    }

    private Result<IReadOnlyList<Coin>, Refusal> GivenCoins(ImmutableArray<OutPoint> inputs, HashSet<OutPoint> leased, FeeratePerKvB feerate)
    {
        var coins = new List<Coin>();
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!state.Outputs.TryGetValue(inputs[i], out var output))
                return new Refusal($"inputs[{i}]", $"{inputs[i]} is not this wallet's");
            if (judgement.Spender(inputs[i]) is { } spender)
                return new Refusal($"inputs[{i}]", $"{inputs[i]} is spent by {spender.TxId}");
            if (leased.Contains(inputs[i]))
                return new Refusal($"inputs[{i}]", $"{inputs[i]} is set aside by a lease");
            if (judgement.IsImmature(output))
                return new Refusal($"inputs[{i}]", $"{inputs[i]} is a coinbase output of {judgement.Confirmations(output.Parent)} confirmations; {WalletJudgement.CoinbaseMaturity} are needed");
            if (judgement.IsDead(output.Parent))
                return new Refusal($"inputs[{i}]", $"{inputs[i]} is of a transaction that can't confirm");
            if (coins.Any(coin => coin.OutPoint == inputs[i]))
                return new Refusal($"inputs[{i}]", $"{inputs[i]} is named twice");
            coins.Add(ToCoin(output, feerate));
        }

        return coins;
    }

    private bool IsSpendable(OutputEntry output, bool spendsUnconfirmed)
    {
        if (judgement.IsImmature(output))
            return false;
        if (output.Parent.IsConfirmed)
            return true;

        // Version 3 keeps unconfirmed families to a parent and one small child (TRUC).
        return spendsUnconfirmed
            && output.Parent.Transaction.Version != TrucPolicy.Version
            && judgement.IsTrusted(output.Parent)
            && judgement.UnconfirmedAncestors(output.Parent).Count < options.UnconfirmedAncestorsMax;
    }

    private Coin ToCoin(OutputEntry output, FeeratePerKvB feerate) => new(output.OutPoint, output.Output, Weight(output), AncestorFee(output.Parent, feerate));

    /// <summary>What unconfirmed ancestors that pay less than the feerate leave to their descendant to pay.</summary>
    private Satoshis AncestorFee(TransactionEntry parent, FeeratePerKvB feerate)
    {
        if (parent.IsConfirmed)
            return Satoshis.Zero;
        var missing = Satoshis.Zero;
        foreach (var ancestor in judgement.UnconfirmedAncestors(parent).Append(parent))
            missing += feerate.FeeFor(ancestor.Transaction.VirtualSize) - (judgement.Fee(ancestor) ?? Satoshis.Zero);
        return missing.Value > 0 ? missing : Satoshis.Zero;
    }

    private Result<WalletAccount, Refusal> ChooseChangeAccount(SendRequest request, IReadOnlyList<Coin> coins)
    {
        var accounts = Accounts(request.ChangeAccount ?? request.Account).ToArray();
        if (accounts.Length == 0)
            return new Refusal("account", "is not known");

        // Change that looks like a payment does not tell which output is which.
        var paidTypes = request.Outputs.Select(static output => StandardScripts.Classify(output.ScriptPubKey).Type).ToHashSet();
        return accounts.FirstOrDefault(account => paidTypes.Contains(account.ScriptType))
            ?? accounts.FirstOrDefault(account => coins.Count > 0 && StandardScripts.Classify(coins[0].Output.ScriptPubKey).Type == account.ScriptType)
            ?? accounts[0];
    }

    private Result<SpendPlan, Refusal> PlanAmount(SendRequest request, FeeratePerKvB feerate, IReadOnlyList<Coin> coins, bool isGiven, Change change)
    {
        TxOut[] outputs = [.. request.Outputs.Select(static output => new TxOut(output.Amount!.Value, output.ScriptPubKey))];
        var paid = outputs.Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);
        var recipientsPay = request.Outputs.Any(static output => output.TakesFee);
        var baseFee = recipientsPay ? Satoshis.Zero : WeightFee.OfTransaction(feerate, TransactionWeight([], outputs));
        var parameters = new CoinSelectionParameters(
            paid + baseFee,
            recipientsPay ? new FeeratePerKvB(0) : feerate,
            options.LongTermFeerate,
            OutputSize(new TxOut(default, change.Script)) * Transaction.WitnessScaleFactor,
            change.SpendWeight,
            change.Min(feerate),
            ChangeGoal(paid),
            StandardWeightMax - (int)TransactionWeight([], [.. outputs, new TxOut(default, change.Script)]) - 16);
        var selected = isGiven ? CoinSelector.Given(coins, parameters) : CoinSelector.Select(coins, parameters, entropy);
        if (!selected.TryGet(out var selection, out var refusal))
            return refusal;
        if (!Settle(request, feerate, selection, outputs, change).TryGet(out var plan, out refusal))
            return refusal;
        return CheckReserve(request, plan, coins, paid) is { } tooMuch ? tooMuch : plan;
    }

    /// <summary>The exact fee and change of a selection.</summary>
    private Result<SpendPlan, Refusal> Settle(SendRequest request, FeeratePerKvB feerate, CoinSelection selection, TxOut[] outputs, Change change)
    {
        var weights = selection.Coins.Select(static coin => coin.InputWeight).ToArray();
        var ancestors = selection.Coins.Aggregate(Satoshis.Zero, static (sum, coin) => sum + coin.AncestorFee);
        var inputs = selection.Coins.Select(coin => state.Outputs[coin.OutPoint]).ToArray();
        var paid = outputs.Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);
        var recipientsPay = request.Outputs.Any(static output => output.TakesFee);

        var withChange = WeightFee.OfTransaction(feerate, TransactionWeight(weights, [.. outputs, new TxOut(default, change.Script)])) + ancestors;
        var left = selection.Total - paid - (recipientsPay ? Satoshis.Zero : withChange);
        var makesChange = selection.HasChange && left >= change.Min(feerate);
        var fee = makesChange ? withChange : recipientsPay
            ? WeightFee.OfTransaction(feerate, TransactionWeight(weights, outputs)) + ancestors
            : selection.Total - paid;
        if (recipientsPay)
        {
            // What would be too little for change lowers what the recipients give up.
            var shared = makesChange ? fee : fee - (selection.Total - paid);
            if (shared.Value > 0 && ShareFee(request, outputs, shared) is { } refusal)
                return refusal;
            fee = makesChange ? fee : selection.Total - outputs.Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);
        }

        var required = WeightFee.OfTransaction(feerate, TransactionWeight(weights, outputs)) + ancestors;
        if (!makesChange && fee < required)
            return new Refusal("amount", $"needs {(required - fee).Value} sat more than there is to spend after fees");
        var changePlace = makesChange ? change.Place : (ScriptPlace?)null;
        return Build(inputs, outputs, makesChange ? new TxOut(left, change.Script) : null, changePlace, fee, version: 2, Sequence(request), selection.Algorithm);
    }

    private Refusal? ShareFee(SendRequest request, TxOut[] outputs, Satoshis fee)
    {
        var payers = Enumerable.Range(0, outputs.Length).Where(i => request.Outputs[i].TakesFee).ToArray();
        for (var i = 0; i < payers.Length; i++)
        {
            // The first pays what does not divide.
            var share = (fee.Value / payers.Length) + (i == 0 ? fee.Value % payers.Length : 0);
            ref var output = ref outputs[payers[i]];
            output = output with { Value = output.Value - new Satoshis(share) };
            if (Dust.IsDust(output, options.DustFeerate))
                return new Refusal($"outputs[{payers[i]}].amount", $"is too small to pay its share of the fee, {share} sat");
        }

        return null;
    }

    private Result<SpendPlan, Refusal> PlanAll(SendRequest request, FeeratePerKvB feerate, IReadOnlyList<Coin> coins, Change change)
    {
        var worth = coins.Where(coin => CoinSelector.EffectiveValue(coin, feerate).Value > 0).ToArray();
        if (worth.Length == 0)
            return new Refusal("amount", "cannot be sent: there are no coins worth spending at this feerate");

        var inputs = worth.Select(coin => state.Outputs[coin.OutPoint]).ToArray();
        var total = worth.Aggregate(Satoshis.Zero, static (sum, coin) => sum + coin.Value);
        var reserve = request.SpendsReserve ? Satoshis.Zero : options.Reserve;
        TxOut? kept = reserve.Value > 0 ? new TxOut(reserve.Value > change.Min(feerate).Value ? reserve : change.Min(feerate), change.Script) : null;
        TxOut[] outputs = [.. request.Outputs.Select(static output => new TxOut(output.Amount ?? default, output.ScriptPubKey))];
        var weight = TransactionWeight([.. worth.Select(static coin => coin.InputWeight)], kept is { } reserved ? [.. outputs, reserved] : outputs);
        if (weight > StandardWeightMax)
            return new Refusal("amount", "takes more coins than one transaction may spend: send some of them first");
        var fee = WeightFee.OfTransaction(feerate, weight) + worth.Aggregate(Satoshis.Zero, static (sum, coin) => sum + coin.AncestorFee);
        var rest = request.Outputs.ToList().FindIndex(static output => output.Amount is null);
        var left = total - fee - (kept?.Value ?? Satoshis.Zero) - outputs.Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);
        outputs[rest] = outputs[rest] with { Value = left };
        if (left.Value < 0 || Dust.IsDust(outputs[rest], options.DustFeerate))
            return new Refusal($"outputs[{rest}].amount", "would be dust after the fee and what is kept back");
        return Build(inputs, outputs, kept, kept is null ? null : change.Place, fee, version: 2, Sequence(request), CoinSelectionAlgorithm.Given);
    }

    private Refusal? CheckReserve(SendRequest request, SpendPlan plan, IReadOnlyList<Coin> coins, Satoshis paid)
    {
        if (request.SpendsReserve || options.Reserve.Value == 0)
            return null;

        // Coins that the request may not choose from still count as kept.
        var own = plan.ChangeIndex is { } index ? plan.Transaction.Output(index).Value : Satoshis.Zero;
        var spent = plan.Inputs.Aggregate(Satoshis.Zero, static (sum, input) => sum + input.Output.Value);
        var available = SpendableCoins(request with { Inputs = [], LeaseId = null }, new FeeratePerKvB(0)).TryGet(out var all)
            ? all.Union(coins).Aggregate(Satoshis.Zero, static (sum, coin) => sum + coin.Value)
            : spent;
        var left = available - spent + own;
        return left >= options.Reserve
            ? null
            : new Refusal("amount", $"of {paid.Value} sat leaves {left.Value} sat, less than the reserve of {options.Reserve.Value} sat");
    }

    private Result<SpendPlan, Refusal> Build(
        IReadOnlyList<OutputEntry> inputs, IReadOnlyList<TxOut> outputs, TxOut? changeOutput, ScriptPlace? changePlace, Satoshis fee, uint version, uint sequence, CoinSelectionAlgorithm algorithm)
    {
        if (fee > options.FeeMax)
            return new Refusal("fee", $"of {fee.Value} sat is above this wallet's bound of {options.FeeMax.Value} sat");

        List<TxOut> all = [.. outputs];
        int? changeIndex = null;
        if (changeOutput is { } change)
        {
            changeIndex = (int)_random.Below(all.Count + 1);
            all.Insert(changeIndex.Value, change);
        }

        var order = inputs.ToArray();
        _random.Shuffle(order.AsSpan());
        var transaction = Transaction.Create(version, [.. order.Select(input => new TxIn(input.OutPoint, sequence))], [.. all], LockTime());
        return new SpendPlan(transaction, [.. order], fee, changeIndex, changePlace, algorithm);
    }

    /// <summary>
    /// The tip's height, so that a miner gains nothing by mining it again with this fee; now and then an earlier one, so that
    /// transactions that were held back do not stand out (Bitcoin Core, anti fee sniping).
    /// </summary>
    private uint LockTime()
    {
        var height = state.Tip.Height;
        if (_random.Below(10) == 0)
            height = Math.Max(0, height - (int)_random.Below(AntiFeeSnipingDepth));
        return (uint)height;
    }

    private static uint Sequence(SendRequest request) => request.IsReplaceable ? TxIn.Replaceable : unchecked((uint)SequenceFinalButForLockTime);

    private Satoshis ChangeGoal(Satoshis paid)
    {
        var most = Math.Min(checked(paid.Value * 2), ChangeGoalMax);
        return new Satoshis(most <= ChangeGoalMin ? ChangeGoalMin : ChangeGoalMin + _random.Below(most - ChangeGoalMin));
    }

    /// <summary>The change output that a transaction would have.</summary>
    private sealed class Change(WalletAccount account, WalletOptions options)
    {
        private readonly ScriptBranch _branch = account.ChangeBranch;

        internal ScriptPlace Place { get; } = account.ChangeBranch.Place(account.ChangeBranch.Descriptor.IsRanged ? account.ChangeBranch.NextIndex : 0);

        internal Script Script => _branch.Derive(Place.Index).ScriptPubKey;

        internal int SpendWeight => InputWeights.Of(_branch.Derive(Place.Index), InputWeights.AnySignature);

        /// <summary>Less is not worth an output: it would be dust, or cost as much to spend.</summary>
        internal Satoshis Min(FeeratePerKvB feerate)
        {
            var dust = Dust.Threshold(new TxOut(default, Script), options.DustFeerate);
            var discard = feerate < options.LongTermFeerate ? feerate : options.LongTermFeerate;
            var spending = WeightFee.Of(discard, SpendWeight);
            return dust > spending ? dust : spending;
        }
    }
}
