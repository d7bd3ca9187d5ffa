using Tributary.Finance.Amounts;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Api;

namespace Tributary.Rollup.Wallets;

/// <summary>
/// What Bitcoin alone says of a rollup, in the place of an operator that does not answer: accounts as the last batch has them, and no receipts. A forced
/// post pays no fee to the operator unless it is given one, so the least fee is 0.
/// </summary>
/// <param name="replica">Shown blocks up to the tip.</param>
/// <param name="file">Which rollup.</param>
public sealed class BitcoinOperator(WalletReplica replica, WalletFile file) : IRollupOperator
{
    private static readonly Refusal s_silent = new("--rollup", "is not asked: Bitcoin alone takes nothing from a wallet but posts (--force)");

    /// <inheritdoc/>
    public string Name => "Bitcoin";

    /// <inheritdoc/>
    public Task<Result<RollupView, Refusal>> DescribeAsync(CancellationToken cancellationToken)
    {
        if (replica.Replica.Chain.Beginning is not { } beginning)
            return Task.FromResult<Result<RollupView, Refusal>>(new Refusal("--bitcoind", "shows no beginning of this rollup"));
        var genesis = beginning.Genesis;
        var last = replica.Replica.Batches.LastOrDefault();
        return Task.FromResult<Result<RollupView, Refusal>>(new RollupView
        {
            Rollup = beginning.Rollup.ToString(),
            Network = file.Network,
            Parameters = "",
            VerifyingKey = genesis.VerificationKey.ToString(),
            Operator = genesis.Operator.ToString(),
            Vault = file.Vault,
            GenesisHeight = beginning.Height,
            FromHeight = file.FromHeight,
            FeeMinSat = 0,
            DepositMinSat = SeenDeposit.AmountMin.Value,
            Depth = 0,
            Height = replica.Tip,
            RollupHeight = last?.Header.Height ?? 0,
            AnchoredBatch = last?.Header.Number ?? 0,
            ProvenBatch = replica.Verification.ProvenBatch,
            Segments = replica.Replica.SegmentCount,
            ProvenSegments = replica.Replica.ProvenSegments,
            AnchoredRoot = replica.Replica.Ledger?.Root.ToString(),
            ProvenRoot = replica.Replica.ProvenRoot.ToString(),
        });
    }

    /// <inheritdoc/>
    public Task<Result<ReceiptView, Refusal>> SubmitAsync(ReadOnlyMemory<byte> operation, CancellationToken cancellationToken) => Task.FromResult<Result<ReceiptView, Refusal>>(s_silent);

    /// <inheritdoc/>
    public Task<Result<RegistrationView, Refusal>> RegisterAsync(RegistrationRequest request, CancellationToken cancellationToken) => Task.FromResult<Result<RegistrationView, Refusal>>(s_silent);

    /// <inheritdoc/>
    public Task<Result<OperationView, Refusal>> FindOperationAsync(Bytes32 operation, CancellationToken cancellationToken) => Task.FromResult<Result<OperationView, Refusal>>(s_silent);

    /// <inheritdoc/>
    public Task<Result<AccountView, Refusal>> FindAccountAsync(uint account, CancellationToken cancellationToken)
    {
        if (replica.Replica.Ledger?.Engine.State is not { } state || state.Read(FinanceLeaves.Accounts, account) is not { IsEmpty: false } leaf)
            return Task.FromResult<Result<AccountView, Refusal>>(new Refusal("account", $"{account} does not stand on Bitcoin: its registration waits for the operator to anchor it"));
        var id = new AccountId(account);
        var balance = (ulong)state.Read(FinanceLeaves.Balances, BalanceLeaf.Address(id, AssetId.Bitcoin)).Amount.Units;
        var root = leaf.KeyRoot.ToString();
        return Task.FromResult<Result<AccountView, Refusal>>(new AccountView(account, root, leaf.Key.LogLifetime, leaf.NextIndex, root, leaf.NextIndex, balance, balance, []));
    }
}
