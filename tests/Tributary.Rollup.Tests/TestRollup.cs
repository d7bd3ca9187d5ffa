using System.Security.Cryptography;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Tests;

/// <summary>
/// A small rollup: an operator (account 1), users (accounts from 2 on) with keys of 256 one-time keys and a million satoshis each, and whatever a test does with them.
/// </summary>
internal sealed class TestRollup
{
    public const int LogLifetime = 8;
    public const uint Height = 800_000;
    public const uint Expiry = Height + 144;

    public static readonly Bytes32 Id = new(SHA256.HashData("a rollup of a test"u8));

    private static readonly Lazy<XmssKey[]> SharedKeys = new(static () =>
        [.. Enumerable.Range(0, 8).Select(static i => XmssKey.Create(SHA256.HashData([(byte)i]), new XmssKeyOptions { LogLifetime = LogLifetime }))]);

    private readonly Dictionary<uint, uint> _indices = [];
    private ulong _segment;

    public TestRollup(int users = 4)
    {
        Engine = new FinanceEngine(ModuleTable.Provable, FinanceEngine.Genesis(ModuleTable.Provable, Keys[0].PublicKey.Root, Keys[0].PublicKey.Parameters));
        var system = new OperationContext(Height, OperationSource.System);
        for (var user = 0u; user < users; user++)
        {
            var key = Keys[1 + (user % 7)].PublicKey;
            Assert.Null(Engine.Apply(system, new OperationRequest(new RegisterAccount(key.Root, key.Parameters), null)).Refusal);
            Assert.Null(Engine.Apply(system, new OperationRequest(new Deposit(user + 1, AssetId.Bitcoin, new AccountId(2 + user), 1_000_000), null)).Refusal);
        }

        Engine.State.Forget();
        Tree = StateTree.Build(Engine.State).Value;
    }

    public static XmssKey[] Keys => SharedKeys.Value;

    public FinanceEngine Engine { get; private set; }

    public StateTree Tree { get; private set; }

    /// <summary>The key that a test's account has had from the start.</summary>
    public static XmssKey KeyOf(uint account) => account == 1 ? Keys[0] : Keys[1 + ((account - 2) % 7)];

    public SegmentBuilder Open(uint height = Height) => new(
        new SegmentContext(Id, _segment++, height, new Bytes32(SHA256.HashData("a block"u8)), default), Engine, Tree);

    /// <summary>An operation signed under the account's next unused index, or a later one.</summary>
    public (OperationRequest Request, byte[] Signature) Sign(uint account, Operation operation, ulong fee = 3, uint skip = 0, uint expiry = Expiry, XmssKey? key = null)
    {
        var index = _indices.GetValueOrDefault(account) + skip;
        _indices[account] = index + 1;
        var request = new OperationRequest(operation, new Authorisation(new AccountId(account), index, fee, expiry));
        return (request, (key ?? KeyOf(account)).Sign(index, OperationDigest.Compute(Id, request)).Value);
    }

    /// <summary>Signs and takes; what the builder answers.</summary>
    public Outcome Take(SegmentBuilder builder, uint account, Operation operation, ulong fee = 3, uint skip = 0)
    {
        var (request, signature) = Sign(account, operation, fee, skip);
        return builder.Add(request, signature);
    }

    /// <summary>The index that an account's wallet uses next.</summary>
    public void SetIndex(uint account, uint index) => _indices[account] = index;

    /// <summary>Puts another leaf, or none, in place of one, as no operation could: the world of an attacker.</summary>
    public void Tamper<T>(LeafKey key, T leaf)
        where T : struct, ILeaf<T>
    {
        var leaves = new Leaves();
        Engine.State.ReadAll(leaves);
        leaves.Each.Remove(key);
        if (!leaf.IsEmpty)
            leaf.Write(leaves.Each[key] = new byte[T.Length]);
        var writer = new ByteWriter();
        writer.WriteByte(StateSnapshot.Write(Engine.State)[0]);
        Span<byte> place = stackalloc byte[LeafKey.Length];
        foreach (var (each, value) in leaves.Each)
        {
            each.Write(place);
            writer.WriteBytes(place);
            writer.WriteBytes(value);
        }

        Engine = new FinanceEngine(ModuleTable.Provable, StateSnapshot.Read(ModuleTable.Provable.Leaves, writer.WrittenSpan).Value);
        Tree = StateTree.Build(Engine.State).Value;
    }

    public Amount Balance(uint account, uint asset = 0) =>
        Engine.State.Read(FinanceLeaves.Balances, BalanceLeaf.Address(new AccountId(account), new AssetId(asset))).Amount;

    private sealed class Leaves : ILeafSink
    {
        public SortedDictionary<LeafKey, byte[]> Each { get; } = [];

        public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) => Each[key] = after.ToArray();
    }
}
