using System.Text.Json;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>What bitcoind says about transactions and fees, as verdicts. Its reasons are kept; what it appends for debugging is cut off.</summary>
internal static class MempoolAnswers
{
    /// <summary>Bitcoin Core's estimator looks no further ahead.</summary>
    internal const int TargetBlocksMax = 1008;

    /// <summary>What <c>testmempoolaccept</c> says where consensus says "bad-txns-inputs-missingorspent".</summary>
    internal const string MissingInputs = "missing-inputs";

    internal static Result<MempoolVerdict, ChainError> ReadTest(RpcReply reply, TxId id)
    {
        if (reply.Fault is { Code: RpcFault.Deserialization } undecodable)
            return new MempoolVerdict(id, IsAccepted: false, undecodable.Message, null);
        if (reply.Fault is { } fault)
            return BitcoindQueries.Unexpected("testmempoolaccept", fault);
        if (reply.Result.ValueKind != JsonValueKind.Array || reply.Result.GetArrayLength() != 1 || !reply.Result[0].TryFlag("allowed", out var allowed))
            return BitcoindQueries.Garbage("testmempoolaccept");

        var verdict = reply.Result[0];
        if (!allowed)
            return new MempoolVerdict(id, IsAccepted: false, verdict.TryText("reject-reason", out var reason) ? BareReason(reason) : "unspecified", null);
        return verdict.TryMember("fees", JsonValueKind.Object, out var fees) && fees.TryAmount("base", out var fee)
            ? new MempoolVerdict(id, IsAccepted: true, null, fee)
            : BitcoindQueries.Garbage("testmempoolaccept");
    }

    /// <summary>Reads the answers to test, send and entry.</summary>
    internal static Result<MempoolVerdict, ChainError> ReadSend(RpcReply[] replies, TxId id)
    {
        if (!ReadTest(replies[0], id).TryGet(out var test, out var error))
            return error;
        Satoshis? fee = replies[2].Result.TryMember("fees", JsonValueKind.Object, out var fees) && fees.TryAmount("base", out var paid) ? paid : test.Fee;
        switch (replies[1].Fault)
        {
            case null:
                return new MempoolVerdict(id, IsAccepted: true, null, fee);
            case { Code: RpcFault.AlreadyInChain }:
                return new MempoolVerdict(id, IsAccepted: true, null, null);
            case { Code: RpcFault.VerifyError or RpcFault.VerifyRejected or RpcFault.Deserialization } refusal:
                // The test was passed and the sending was not: something came between, and the send's own words have to do.
                return test.IsAccepted ? new MempoolVerdict(id, IsAccepted: false, BareReason(refusal.Message), test.Fee) : test;
            case { } fault:
                return BitcoindQueries.Unexpected("sendrawtransaction", fault);
        }
    }

    internal static Result<PackageVerdict, ChainError> ReadPackage(RpcReply reply, IReadOnlyList<Transaction> package)
    {
        if (reply.Fault is { Code: RpcFault.Deserialization or RpcFault.VerifyError or RpcFault.VerifyRejected } refusal)
            return new PackageVerdict(IsAccepted: false, BareReason(refusal.Message), PackageShape.AllRefused(package, BareReason(refusal.Message)));
        if (reply.Fault is { } fault)
            return BitcoindQueries.Unexpected("submitpackage", fault);
        if (!reply.Result.TryText("package_msg", out var message) || !reply.Result.TryMember("tx-results", JsonValueKind.Object, out var results))
            return BitcoindQueries.Garbage("submitpackage");

        var verdicts = new List<MempoolVerdict>();
        foreach (var transaction in package)
        {
            if (!results.TryMember(transaction.WtxId.ToString(), JsonValueKind.Object, out var result))
                verdicts.Add(new MempoolVerdict(transaction.TxId, IsAccepted: false, PackageShape.NotJudged, null));
            else if (result.TryText("error", out var reason))
                verdicts.Add(new MempoolVerdict(transaction.TxId, IsAccepted: false, BareReason(reason), null));
            else
                verdicts.Add(new MempoolVerdict(transaction.TxId, IsAccepted: true, null, result.TryMember("fees", JsonValueKind.Object, out var fees) && fees.TryAmount("base", out var fee) ? fee : null));
        }

        return new PackageVerdict(message is PackageShape.Success, BareReason(message), verdicts);
    }

    internal static Result<FeeratePerKvB, ChainError> ReadEstimate(RpcReply estimate, RpcReply mempool)
    {
        if (!ReadMinimum(mempool).TryGet(out var minimum, out var error))
            return error;
        if (estimate.Fault is { } fault)
            return BitcoindQueries.Unexpected("estimatesmartfee", fault);
        if (estimate.Result.TryFeerate("feerate", out var feerate))
            return feerate > minimum ? feerate : minimum;
        return estimate.Result.TryMember("errors", JsonValueKind.Array, out _)
            ? new ChainError(ChainErrorKind.NotAvailable, "bitcoind has seen too few transactions to estimate a feerate.")
            : BitcoindQueries.Garbage("estimatesmartfee");
    }

    /// <summary>The higher of the floor that a full mempool has risen to and the floor for relay.</summary>
    internal static Result<FeeratePerKvB, ChainError> ReadMinimum(RpcReply reply)
    {
        if (reply.Fault is { } fault)
            return BitcoindQueries.Unexpected("getmempoolinfo", fault);
        if (!reply.Result.TryFeerate("mempoolminfee", out var full) || !reply.Result.TryFeerate("minrelaytxfee", out var relay))
            return BitcoindQueries.Garbage("getmempoolinfo");
        return full > relay ? full : relay;
    }

    /// <summary>The reason without the details that follow a comma; a script error's words stand in parentheses and may hold commas.</summary>
    internal static string BareReason(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case ',' when depth <= 0:
                    return text[..i];
            }
        }

        return text;
    }
}
