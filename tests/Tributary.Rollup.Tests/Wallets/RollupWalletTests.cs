using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Api;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Sequencing;
using Tributary.Rollup.Wallets;

namespace Tributary.Rollup.Tests.Wallets;

/// <summary>A wallet against an operator that a test lets lie, be away, and lose answers.</summary>
public sealed class RollupWalletTests : IDisposable
{
    private static readonly SeededEntropy s_entropy = new(5);
    private static readonly Transfer s_payment = new(AssetId.Bitcoin, new AccountId(9), 100);
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-wallet-").FullName;
    private readonly Operator _operator = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _operator.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Lost_answer_is_asked_for_again_with_the_same_bytes_after_a_restart()
    {
        using var http = new HttpClient(_operator, disposeHandler: false);
        var client = new RollupClient(http, Operator.Address);
        using var words = WalletSeed.Generate(s_entropy);
        await using (var wallet = await CreateAsync(client, words, "one"))
        {
            Assert.Equal(7u, (await wallet.OpenAccountAsync(client, null, Token)).Value.Number);
            Assert.Equal("taken", (await wallet.SendAsync(client, 0, s_payment, null, "first", null, Token)).Value.State);
            _operator.LosesAnswers = true;
            Assert.Equal("--rollup", (await wallet.SendAsync(client, 0, s_payment, null, "second", null, Token)).Error.Field);
        }

        _operator.LosesAnswers = false;
        await using var again = (await RollupWallet.OpenAsync(Folder("one"), WalletPassphrase.None, null, s_entropy, TimeProvider.System, Token)).Value;
        Assert.Equal("taken signed", string.Join(' ', again.Operations.Select(static one => one.State)));
        Assert.Null(await again.ResendAsync(client, Token));
        Assert.Equal("taken taken", string.Join(' ', again.Operations.Select(static one => one.State)));
        Assert.Equal(_operator.Operations[1], _operator.Operations[2]);
        Assert.Equal([0u, 1u], _operator.Operations.Take(2).Select(IndexOf));

        // What Bitcoin voided is told.
        _operator.Revoked = again.Operations.Last().Operation.ToString();
        Assert.Null(await again.RefreshAsync(client, Token));
        Assert.Equal(("revoked", "amount: is gone"), (again.Operations.Last().State, again.Operations.Last().Why));
    }

    [Fact]
    public async Task Word_of_an_operator_never_moves_an_index_and_a_false_receipt_counts_for_nothing()
    {
        using var http = new HttpClient(_operator, disposeHandler: false);
        var client = new RollupClient(http, Operator.Address);
        using var words = WalletSeed.Generate(s_entropy);
        await using var wallet = await CreateAsync(client, words, "one");
        Assert.True((await wallet.OpenAccountAsync(client, null, Token)).IsOk);
        _operator.ClaimedIndex = 5;
        Assert.Contains("another wallet uses these words", (await wallet.SendAsync(client, 0, s_payment, null, "", null, Token)).Error.Reason, StringComparison.Ordinal);
        _operator.ClaimedIndex = null;
        _operator.SignsFalsely = true;
        Assert.Equal("--rollup", (await wallet.SendAsync(client, 0, s_payment, null, "", null, Token)).Error.Field);
        Assert.Equal("signed", Assert.Single(wallet.Operations).State);
        _operator.SignsFalsely = false;
        Assert.Null(await wallet.ResendAsync(client, Token));
        Assert.Equal("taken", Assert.Single(wallet.Operations).State);
        _operator.KeyRoot = Bytes32.TryParse(new string('1', 64), out var other) ? other : default;
        Assert.Contains("never made", (await wallet.SendAsync(client, 0, s_payment, null, "", null, Token)).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restored_wallet_jumps_over_what_may_have_signed_and_has_another_key_before_it_pays()
    {
        using var http = new HttpClient(_operator, disposeHandler: false);
        var client = new RollupClient(http, Operator.Address);
        using var words = WalletSeed.Generate(s_entropy);
        await using (var wallet = await CreateAsync(client, words, "one"))
        {
            Assert.True((await wallet.OpenAccountAsync(client, null, Token)).IsOk);
            for (var i = 0; i < 3; i++)
                Assert.True((await wallet.SendAsync(client, 0, s_payment, null, "", null, Token)).IsOk);
        }

        // Bitcoin knows of one operation; three have signed.
        await using var restored = await CreateAsync(client, words, "two");
        Assert.Equal(_operator.KeyRoot, restored.RootOf(0, 0, Token));
        Assert.Null(await restored.AdoptAsync(0, 7, 0, 1, Token));
        Assert.Null(await restored.RenewKeyAsync(client, 0, null, Token));
        var rotation = ForcedOperation.Read(_operator.Operations[^1]).Value.Request;
        Assert.Equal(1u + 1024, rotation.Authorisation!.Value.Index);
        Assert.Equal(restored.RootOf(0, 4, Token), Assert.IsType<RotateKey>(rotation.Operation).KeyRoot);
        Assert.True((await restored.SendAsync(client, 0, s_payment, null, "", null, Token)).IsOk);
        Assert.Equal(0u, IndexOf(_operator.Operations[^1]));

        // The old wallet notices.
        await using var old = (await RollupWallet.OpenAsync(Folder("one"), WalletPassphrase.None, null, s_entropy, TimeProvider.System, Token)).Value;
        Assert.Equal("--rollup", (await old.SendAsync(client, 0, s_payment, null, "", null, Token)).Error.Field);
    }

    private string Folder(string name) => Path.Combine(_folder, name);

    private static uint IndexOf(byte[] operation) => ForcedOperation.Read(operation).Value.Request.Authorisation!.Value.Index;

    private async Task<RollupWallet> CreateAsync(RollupClient client, WalletSeed words, string name)
    {
        var rollup = (await client.DescribeAsync(Token)).Value;
        var chain = new NoChain(BitcoinNetwork.Regtest);
        var created = await RollupWallet.CreateAsync(
            Folder(name), rollup, Operator.Address, AccountKey.MinLogLifetime, words, WalletPassphrase.None, null, chain, s_entropy, TimeProvider.System, Token);
        return created.Value;
    }

    /// <summary>An operator with one account, which takes whatever it is given.</summary>
    private sealed class Operator : HttpMessageHandler
    {
        private readonly SecretKey _key = SecretKey.Generate(s_entropy);
        private readonly SecretKey _other = SecretKey.Generate(s_entropy);
        private readonly Bytes32 _rollup = TestRollup.Id;
        private uint _nextIndex;

        internal static Uri Address { get; } = new("http://127.0.0.1:1/");

        internal List<byte[]> Operations { get; } = [];

        internal Bytes32 KeyRoot { get; set; }

        internal bool LosesAnswers { get; set; }

        internal bool SignsFalsely { get; set; }

        internal uint? ClaimedIndex { get; set; }

        internal string? Revoked { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            if (request.Method == HttpMethod.Post && path is "/v1/accounts")
            {
                var asked = await request.Content!.ReadFromJsonAsync(ApiJson.Default.RegistrationRequest, cancellationToken);
                KeyRoot = Bytes32.TryParse(asked!.KeyRoot, out var root) ? root : default;
                return Answer(new RegistrationView(7, null), ApiJson.Default.RegistrationView);
            }

            if (request.Method == HttpMethod.Post)
                return Take(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            if (path.StartsWith("/v1/operations/", StringComparison.Ordinal))
            {
                var digest = path["/v1/operations/".Length..];
                return Answer(
                    string.Equals(digest, Revoked, StringComparison.Ordinal) ? new OperationView(digest, "revoked", null, null, new ErrorView("amount", "is gone")) : new OperationView(digest, "taken", 1, 0, null),
                    ApiJson.Default.OperationView);
            }

            return path is "/v1/rollup"
                ? Answer(Describe(), ApiJson.Default.RollupView)
                : Answer(new AccountView(7, KeyRoot.ToString(), AccountKey.MinLogLifetime, ClaimedIndex ?? _nextIndex, null, 0, 0, 0, []), ApiJson.Default.AccountView);
        }

        protected override void Dispose(bool disposing)
        {
            _key.Dispose();
            _other.Dispose();
            base.Dispose(disposing);
        }

        private HttpResponseMessage Take(byte[] bytes)
        {
            Operations.Add(bytes);
            var request = ForcedOperation.Read(bytes).Value.Request;
            _nextIndex = Math.Max(_nextIndex, request.Authorisation!.Value.Index + 1);
            if (request.Operation is RotateKey rotate)
                (KeyRoot, _nextIndex) = (rotate.KeyRoot, 0);
            if (LosesAnswers)
                throw new HttpRequestException("the answer is lost");
            var receipt = Receipt.Sign(_rollup, 1, Operations.Count, Receipt.DigestOf(request), SignsFalsely ? _other : _key, s_entropy);
            return Answer(
                new ReceiptView(receipt.Rollup.ToString(), receipt.Batch, receipt.Position, receipt.Operation.ToString(), Convert.ToHexStringLower(receipt.Signature.Span)),
                ApiJson.Default.ReceiptView);
        }

        private RollupView Describe() => new()
        {
            Rollup = _rollup.ToString(),
            Network = "regtest",
            Parameters = "fast",
            VerifyingKey = _rollup.ToString(),
            Operator = _key.PublicKey.ToXOnly(out _).ToBytes32().ToString(),
            Vault = "vault",
            FromHeight = 0,
            FeeMinSat = 1,
            DepositMinSat = 1_000,
            Depth = 1,
            Height = 100,
        };

        private static HttpResponseMessage Answer<T>(T view, JsonTypeInfo<T> type) => new(HttpStatusCode.OK) { Content = JsonContent.Create(view, type) };
    }
}
