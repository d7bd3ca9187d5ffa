using System.Security.Cryptography;
using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Interop.Tests;

/// <summary>One of many accounts: a short-lived key, what it should have, and operations that are handed in until there is an answer.</summary>
internal sealed class Signer : IDisposable
{
    private readonly XmssKey _key;
    private readonly Bytes32 _rollup;
    private uint _index;

    private Signer(XmssKey key, Bytes32 rollup, uint account) => (_key, _rollup, Account) = (key, rollup, account);

    internal uint Account { get; }

    /// <summary>What it should have, in satoshis.</summary>
    internal ulong Balance { get; set; }

    internal static async Task<Signer> CreateAsync(RollupClient client, Bytes32 rollup, int number, CancellationToken cancellationToken)
    {
        var key = XmssKey.Create(SHA256.HashData(BitConverter.GetBytes(number)), new XmssKeyOptions { LogLifetime = 8 }, cancellationToken);
        while (true)
        {
            if ((await client.RegisterAsync(new RegistrationRequest(key.PublicKey.Root.ToString(), 8), cancellationToken)).TryGet(out var registered, out var refusal))
                return new Signer(key, rollup, registered.Account);
            if (!IsForAMoment(refusal))
                throw new InvalidOperationException(refusal.ToString());
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Signs, and hands the same bytes in until the operator answers, whatever becomes of it meanwhile.</summary>
    internal async Task<ReceiptView> SendAsync(RollupClient client, Operation operation, CancellationToken cancellationToken)
    {
        var request = new OperationRequest(operation, new Authorisation(new AccountId(Account), _index, 1, uint.MaxValue));
        var bytes = new ForcedOperation(request, _key.Sign(_index, OperationDigest.Compute(_rollup, request)).Value).Write();
        _index++;
        while (true)
        {
            if ((await client.SubmitAsync(bytes, cancellationToken)).TryGet(out var receipt, out var refusal))
                return receipt;
            if (!IsForAMoment(refusal))
                throw new InvalidOperationException(refusal.ToString());
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Pays another, and both know what they should have.</summary>
    internal Task<ReceiptView> PayAsync(RollupClient client, Signer to, ulong amount, CancellationToken cancellationToken)
    {
        lock (this)
            Balance -= amount + 1;
        lock (to)
            to.Balance += amount;
        return SendAsync(client, new Transfer(AssetId.Bitcoin, new AccountId(to.Account), amount), cancellationToken);
    }

    private static bool IsForAMoment(Refusal refusal) => refusal.Field is "--rollup" or "sequencer" or "rollup";

    public void Dispose() => _key.Dispose();
}
