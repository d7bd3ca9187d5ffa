using System.Text.Json.Serialization;

namespace Tributary.Server.Lnurl;

/// <summary>What wallets are answered. Names and shapes are those of the LUDs; amounts are millisatoshis.</summary>
internal static class LnurlWire
{
    /// <summary>LUD-06, with the fields of LUD-12 and LUD-18.</summary>
    internal sealed record PayRequest(string Callback, long MinSendable, long MaxSendable, string Metadata)
    {
        public string Tag { get; } = "payRequest";

        public int? CommentAllowed { get; init; }

        public PayerData? PayerData { get; init; }
    }

    /// <summary>LUD-18: what a payer is asked to say about themselves.</summary>
    internal sealed record PayerData(PayerField? Name, PayerField? Email);

    internal sealed record PayerField(bool Mandatory);

    /// <summary>LUD-06, with the fields of LUD-09 and LUD-21.</summary>
    internal sealed record Invoice(string Pr, SuccessAction SuccessAction, string Verify)
    {
        public IReadOnlyList<string> Routes { get; } = [];

        /// <summary>LUD-11: a name is paid as often as people like; a wallet may keep it.</summary>
        public bool? Disposable { get; init; }
    }

    /// <summary>LUD-09.</summary>
    internal sealed record SuccessAction(string Tag)
    {
        public string? Message { get; init; }

        public string? Description { get; init; }

        public string? Url { get; init; }
    }

    /// <summary>LUD-21.</summary>
    internal sealed record Verification(bool Settled, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Preimage, string Pr)
    {
        public string Status { get; } = "OK";
    }

    /// <summary>LUD-03.</summary>
    internal sealed record WithdrawRequest(string Callback, string K1, string DefaultDescription, long MinWithdrawable, long MaxWithdrawable)
    {
        public string Tag { get; } = "withdrawRequest";
    }

    /// <summary>It was taken; what becomes of it the wallet sees when the money comes.</summary>
    internal sealed record Done
    {
        public string Status { get; } = "OK";
    }

    /// <summary>What a wallet shows when something is wrong.</summary>
    internal sealed record Failure(string Reason)
    {
        public string Status { get; } = "ERROR";
    }
}
