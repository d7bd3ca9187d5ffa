using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Features;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Simulation.Tests.Chain;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Simulation.Tests;

/// <content>Where all the money is, and where it ought to be.</content>
internal sealed partial class World
{
    private const long Anchor = 330;

    /// <summary>Less than this may not be worth an input.</summary>
    private const long WorthNothing = 1_000;

    /// <summary>Below it an HTLC has no output, or one that costs more than it holds once it may be spent: BOLT 3's dust limit, and a claim at the floor.</summary>
    private const long DustMsat = 650_000;

    /// <summary>The same without anchors, where an HTLC's own transaction pays the commitment's feerate.</summary>
    private const long LegacyDustMsat = 5_000_000;

    private readonly Dictionary<OutPoint, (TxOut Output, HashSet<SimulatedNode> Of)> _unspent = [];
    private readonly Dictionary<OutPoint, Transaction> _spenders = [];
    private readonly Dictionary<TxId, Transaction> _confirmed = [];
    private readonly Dictionary<SimulatedNode, long> _costs = [];
    private readonly Dictionary<Script, SimulatedNode> _owners = [];

    private void Account()
    {
        FindOwners();
        FollowMoney();
        ExplainEnd();
        var residual = _unspent.Values.Where(one => !_owners.ContainsKey(one.Output.ScriptPubKey) && one.Output.ScriptPubKey != SimulatedChain.MinersScript && one.Output.Value > Satoshis.Zero).ToArray();
        foreach (var (output, of) in residual)
        {
            foreach (var node in of)
                _costs[node] += output.Value.Value;
            if (output.Value.Value > WorthNothing && of.All(static node => !node.IsCheating) && !IsForgotten(output.Value, of))
                throw new InvalidOperationException($"{output.Value.Value} sat of {string.Join(", ", of)} were left on the chain.");
        }

        foreach (var payment in _payments)
            CheckPayment(payment);
        foreach (var node in Nodes.Where(static node => !node.IsCheating))
            CheckBalance(node);

        // Two that cheat each other may both have forgotten what they could punish.
        foreach (var (id, (cheater, victim)) in _breaches)
        {
            if (!victim.IsCheating)
                CheckPenalty(id, cheater);
        }

        Tell();
    }

    // An HTLC that was under way when a node lost its state, and that only that state told how to claim.
    private bool IsForgotten(Satoshis value, HashSet<SimulatedNode> of)
    {
        if (of.FirstOrDefault(static node => node.IsRestored) is not { } restored || _atRisk.GetValueOrDefault(restored) < value.Value * 1_000)
            return false;
        Count("HTLCs lost with a state");
        return true;
    }

    private void ExplainEnd()
    {
        foreach (var (place, funding) in _fundings)
            Explain($"the channel {place} of {funding.Opener} with {funding.Accepter}, push {funding.Push.Value} msat: {(!_confirmed.ContainsKey(place.TxId) ? "never was" : _spenders.TryGetValue(place, out var close) ? $"closed by {close.TxId}" : "is not closed")}");
        foreach (var payment in _payments)
            Explain($"{payment.Order.Amount.Value} msat from {payment.Payer} to {payment.Payee} for {payment.Hash}: {payment.Payer.Node!.Payments.Outgoing.Find(payment.Hash)?.Status} there, {payment.Payee.Node!.Payments.Incoming.Find(payment.Hash)?.Status} here");
    }

    private void Tell()
    {
        foreach (var payment in _payments)
            Count(IsPaid(payment) ? "payments made" : "payments failed");
        foreach (var (place, funding) in _fundings)
        {
            if (!_spenders.TryGetValue(place, out var close))
                continue;
            Count("channels");
            Count(IsCommitment(close) ? "closed by force" : "closed together");
            for (var i = 0; i < close.OutputCount; i++)
            {
                if (_spenders.TryGetValue(close.OutPointOf(i), out var claim) && claim.Inputs.First(input => input.PreviousOutput == close.OutPointOf(i)).Witness is [.., var script] && script.Length > 110)
                    Count("HTLCs resolved on chain");
            }

            if (funding.Opener.IsRestored || funding.Accepter.IsRestored)
                Count("channels of restored nodes");
        }

        foreach (var id in _breaches.Keys.Where(_confirmed.ContainsKey))
        {
            Count("revoked states punished");
            for (var i = 0; i < _confirmed[id].OutputCount; i++)
            {
                // What the cheater's HTLC transaction paid, and the other side took.
                if (_spenders.TryGetValue(_confirmed[id].OutPointOf(i), out var second)
                    && Heirs(second, _confirmed[id].OutPointOf(i)).Any(heir => _spenders.ContainsKey(second.OutPointOf(heir)) && !_owners.ContainsKey(second.Output(heir).ScriptPubKey)))
                {
                    Count("second stages of revoked states punished");
                }
            }
        }
    }

    private void FindOwners()
    {
        foreach (var node in Nodes)
        {
            _costs[node] = 0;
            foreach (var address in node.Wallet!.ListAddresses())
                _owners[address.Address.ScriptPubKey] = node;
        }
    }

    // Each output is of the nodes that it may belong to: by its script, or by the channel that it came from.
    private void FollowMoney()
    {
        foreach (var transaction in Chain.Active.Skip(Birthday.Height + 1).SelectMany(static block => block.Transactions))
        {
            _confirmed[transaction.TxId] = transaction;
            var of = new HashSet<SimulatedNode>();
            var sum = 0L;
            for (var i = 0; i < transaction.InputCount; i++)
            {
                _spenders[transaction.PreviousOutput(i)] = transaction;
                if (!_unspent.Remove(transaction.PreviousOutput(i), out var spent))
                    continue;
                of.UnionWith(spent.Of);
                sum += spent.Output.Value.Value;
            }

            for (var i = 0; i < transaction.OutputCount; i++)
            {
                var (output, place) = (transaction.Output(i), transaction.OutPointOf(i));
                sum -= output.Value.Value;
                HashSet<SimulatedNode> owners = _owners.TryGetValue(output.ScriptPubKey, out var owner) ? [owner] : _fundings.TryGetValue(place, out var funding) ? [funding.Opener, funding.Accepter] : of;
                _unspent[place] = (output, owners);
            }

            foreach (var node in of)
                _costs[node] += sum;
        }
    }

    private bool IsPaid(SimulatedPayment payment)
    {
        var isTaken = payment.Payee.Node!.Payments.Incoming.Find(payment.Hash) is { Status: InvoiceStatus.Settled };
        var isGiven = payment.Payer.Node!.Payments.Outgoing.Find(payment.Hash) is { Status: PaymentStatus.Succeeded };
        return IsTelling(payment.Payee) && IsTelling(payment.Payer) ? isTaken && isGiven : IsTelling(payment.Payee) ? isTaken : isGiven;
    }

    private void CheckPayment(SimulatedPayment payment)
    {
        if (!IsTelling(payment.Payer) || !IsTelling(payment.Payee))
            return;
        var sent = payment.Payer.Node!.Payments.Outgoing.Find(payment.Hash);
        var received = payment.Payee.Node!.Payments.Incoming.Find(payment.Hash);
        var what = $"{payment.Order.Amount.Value} msat from {payment.Payer} to {payment.Payee} for {payment.Hash}: {sent?.Status} ({sent?.FailureText}) there, {received?.Status} ({received?.CancelReason}) here";
        var isDust = payment.Order.Amount.Value < (Features.Supports(Feature.AnchorsZeroFeeHtlc) ? DustMsat : LegacyDustMsat);
        if (sent?.FailureText.Contains("cannot be read", StringComparison.Ordinal) == true)
            throw new InvalidOperationException($"An error was spoilt on its way: {what}.");
        if (sent?.Status == PaymentStatus.Pending)
            throw new InvalidOperationException($"A payment is pending for ever: {what}.");
        if (sent?.Status == PaymentStatus.Succeeded && received?.Status != InvoiceStatus.Settled)
            throw new InvalidOperationException($"A payment was made and not received: {what}.");

        // What has no output in a commitment is lost to whoever was to get it when that goes on chain: the limit on dust bounds it.
        if (received?.Status == InvoiceStatus.Settled && sent?.Status != PaymentStatus.Succeeded && !isDust)
            throw new InvalidOperationException($"A payment was received and not made: {what}.");
    }

    private void CheckBalance(SimulatedNode node)
    {
        var held = _unspent.Values.Where(one => _owners.GetValueOrDefault(one.Output.ScriptPubKey) == node).Sum(static one => one.Output.Value.Value);
        var balance = node.Wallet!.Balance;
        if (held != balance.Confirmed.Value)
            throw new InvalidOperationException($"{node}'s wallet knows of {balance}, and has {held} sat.");

        // A funding that fell out of the chain for good leaves a channel that waits for it.
        if (node.Wallet.Leases.Count > 0 && node.Node!.Channels.All.Count == 0)
            throw new InvalidOperationException($"{node}'s wallet holds coins back for ever: {node.Wallet.Leases[0].Purpose}.");
        var due = node.Endowment.Value * 1_000;
        foreach (var payment in _payments.Where(IsPaid).DistinctBy(static payment => payment.Hash))
            due += payment.Payee == node ? payment.Order.Amount.Value : payment.Payer == node ? -payment.Order.Amount.Value : 0;
        foreach (var (place, funding) in _fundings.Where(funding => _confirmed.ContainsKey(funding.Key.TxId)))
            due += funding.Accepter == node ? funding.Push.Value : funding.Opener == node ? -funding.Push.Value : 0;

        // Parts of a satoshi go to the miners with each commitment.
        var slack = 10L + (3 * _payments.Count);
        var lost = (due / 1_000) - held;
        var risk = (_atRisk.GetValueOrDefault(node) + 999) / 1_000;
        if (lost > _costs[node] + slack + (node.IsRestored ? risk : 0))
            throw new InvalidOperationException($"{node} has {held} sat of {due / 1_000}: {lost} are gone, and all fees of its transactions are {_costs[node]}.");
        var gainMax = slack + risk + (Anchor * 2 * _fundings.Count);
        if (lost < -gainMax && Nodes.All(static one => !one.IsCheating))
            throw new InvalidOperationException($"{node} has {held} sat of {due / 1_000}: {-lost} came from nowhere.");
    }

    // Of a revoked commitment nothing but an anchor ends with who published it.
    private void CheckPenalty(TxId id, SimulatedNode cheater)
    {
        if (!_confirmed.TryGetValue(id, out var commitment))
            return;
        for (var i = 0; i < commitment.OutputCount; i++)
        {
            if (commitment.OutputValue(i).Value > WorthNothing && EndsWith(commitment.OutPointOf(i), cheater))
                throw new InvalidOperationException($"{cheater} kept output {i} of {id}, {commitment.OutputValue(i).Value} sat of a revoked state: {Path(commitment.OutPointOf(i))}.");
        }
    }

    private string Path(OutPoint place) => _spenders.TryGetValue(place, out var spender)
        ? $"spent by {spender.TxId}, {string.Join(", ", Heirs(spender, place).Select(i => $"{spender.OutputValue(i).Value} to {_owners.GetValueOrDefault(spender.Output(i).ScriptPubKey)?.ToString() ?? Path(spender.OutPointOf(i))}"))}"
        : "not spent";

    // What an output became: in a second stage that the peer signed, the output in the same place; coins that pay its fee have change of their own.
    private static IEnumerable<int> Heirs(Transaction spender, OutPoint place)
    {
        var input = Enumerable.Range(0, spender.InputCount).First(i => spender.PreviousOutput(i) == place);
        return spender.OutputCount > 1 && input < spender.OutputCount ? [input] : Enumerable.Range(0, spender.OutputCount);
    }

    private bool EndsWith(OutPoint place, SimulatedNode node)
    {
        if (_unspent.TryGetValue(place, out var one))
            return _owners.GetValueOrDefault(one.Output.ScriptPubKey) == node;
        return _spenders.TryGetValue(place, out var spender)
            && Heirs(spender, place).Any(i => _owners.TryGetValue(spender.Output(i).ScriptPubKey, out var owner) ? owner == node : EndsWith(spender.OutPointOf(i), node));
    }
}
