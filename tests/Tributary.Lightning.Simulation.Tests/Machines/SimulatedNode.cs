using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Node;
using Tributary.Lightning.Simulation.Tests.Chain;
using Tributary.Lightning.Simulation.Tests.Network;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Files;
using Tributary.Testing.Storage;

namespace Tributary.Lightning.Simulation.Tests.Machines;

/// <summary>A node of the world over all of its lives: the real driver and the real wallet on a disk, a chain source and a network that fail.</summary>
internal sealed class SimulatedNode
{
    private const string Folder = "node";
    private const string SecondFolder = "replica";

    // To wait for two things at once takes another thread: a wallet that is behind says so at once. Every second that passes costs a step of each
    // timer, so that nothing has long intervals here.
    private static readonly WalletOptions s_walletOptions = WalletOptions.Default with { SyncWaitMax = TimeSpan.Zero, RebroadcastInterval = TimeSpan.FromMinutes(1) };

    private readonly byte[] _seed;
    private Task _running = Task.CompletedTask;
    private Task _following = Task.CompletedTask;
    private int _heightAtDeath;
    private ulong _told;

    internal SimulatedNode(World world, int index)
    {
        (World, Index) = (world, index);
        _seed = [.. Enumerable.Repeat((byte)(index + 1), 32)];
        Keys = NodeKeys.FromSeed(_seed);
        Disk = new SimulatedDisk(world.Draw());
        Second = new SimulatedDisk(world.Draw());
        Coins = new WalletMemory();
        View = new ChainView(world.Chain, transaction => world.Broadcasts(this, transaction), (id, reason) => world.Explain($"{Name} is refused {id}: {reason}"));
    }

    internal World World { get; }

    internal int Index { get; }

    internal NodeKeys Keys { get; }

    internal PublicKey Id => Keys.Identity.PublicKey;

    /// <summary>Its log.</summary>
    internal SimulatedDisk Disk { get; private set; }

    /// <summary>The disk of another machine, for the log's replica.</summary>
    internal SimulatedDisk Second { get; private set; }

    /// <summary>Its wallet's records.</summary>
    internal WalletMemory Coins { get; private set; }

    internal MachineMemory Memory { get; } = new();

    internal ChainView View { get; }

    internal SimulatedProcess? Process { get; private set; }

    /// <summary>Null until this life's node is open.</summary>
    internal LightningNode? Node { get; private set; }

    internal Wallet? Wallet { get; private set; }

    internal SimulatedHub? Hub { get; private set; }

    internal TimeSpan Skew { get; set; }

    /// <summary>What it began with.</summary>
    internal Satoshis Endowment { get; set; }

    /// <summary>It publishes states that it has revoked.</summary>
    internal bool IsCheating { get; private set; }

    /// <summary>It has nothing but its seed and a static backup.</summary>
    internal bool IsRestored { get; private set; }

    /// <summary>It speaks to nobody.</summary>
    internal bool IsOffline { get; private set; }

    internal bool IsAlive => Process is { IsDead: false };

    internal bool IsReady => IsAlive && Node is { } node && node.Ready.IsCompletedSuccessfully;

    /// <summary>Steps after which it is killed, or below zero.</summary>
    internal int StepsLeft { get; set; } = -1;

    /// <summary>Commits of the wallet after which the power fails, or below zero.</summary>
    internal int WalletCommitsLeft { get; set; } = -1;

    /// <summary>How far it has looked through the chain.</summary>
    internal int Height => Node?.Height ?? _heightAtDeath;

    private string Name => $"node {Index}";

    public override string ToString() => Name;

    /// <summary>Begins a life.</summary>
    internal void Start()
    {
        World.Trace($"{Name} starts");
        Process = new SimulatedProcess();
        (StepsLeft, WalletCommitsLeft) = (-1, -1);
        IsDoomed = false;
        Coins.Fate = FateOfCommit;
        var process = Process;
        process.Run(() =>
        {
            _running = RunAsync(process);
        });
    }

    /// <summary>Ends a life in the middle of things.</summary>
    /// <param name="losesUnsynced">The power fails; else the process alone ends.</param>
    internal void Kill(bool losesUnsynced)
    {
        World.Trace($"{Name} dies{(losesUnsynced ? " with the power" : "")}");
        World.Count(losesUnsynced ? "power failures" : "killed processes");
        _heightAtDeath = Height;
        Process!.Kill();
        foreach (var connection in Hub?.Connections.ToArray() ?? [])
            connection.Abandon(World.Choose);
        (Node, Wallet, Hub) = (null, null, null);
        if (losesUnsynced)
        {
            Disk.Restart();
            Memory.Forget();
        }
        else
        {
            Disk.KillProcess();
        }

        Second.KillProcess();
    }

    /// <summary>Looks whether the life has ended, or should.</summary>
    internal void Check()
    {
        if (!IsAlive)
            return;
        if (Disk.IsDown || IsDoomed)
        {
            Kill(losesUnsynced: true);
            return;
        }

        if (StepsLeft >= 0 && StepsLeft-- == 0)
        {
            Kill(World.Choose(2) == 0);
            return;
        }

        if (_following.IsFaulted)
            SimulatedProcess.Rethrow(_following);
        ExplainEvents();
        if (_running.IsCompleted)
        {
            SimulatedProcess.Rethrow(_running);
            throw new InvalidOperationException($"{Name} has stopped without a reason.");
        }

        // A node that fails leaves its loop by way of other threads; what it failed for says more.
        if (Process!.Stray is { } stray)
        {
            throw Node?.Core.Loop.Fault is { } fault
                ? new InvalidOperationException($"{Name} has failed.", fault)
                : new InvalidOperationException($"A step came from another thread: the run cannot be repeated.\n{stray}");
        }
    }

    private void ExplainEvents()
    {
        if (!World.IsTold || Node is not { Ready.IsCompletedSuccessfully: true, Core.State: var state } || state.LastEvent == _told)
            return;
        foreach (var one in state.Events.Where(one => one.Sequence > _told))
            World.Explain($"{Name} says: {one.Text}");
        _told = state.LastEvent;
    }

    /// <summary>What is on its media now.</summary>
    internal (SimulatedDisk Disk, WalletMemory Coins) CopyMedia() => (Copy(Disk, Folder), Coins.Copy());

    /// <summary>The log's replica as it is now.</summary>
    internal SimulatedDisk CopyReplica() => Copy(Second, SecondFolder);

    private SimulatedDisk Copy(SimulatedDisk disk, string folder)
    {
        var copy = new SimulatedDisk(World.Draw());
        var (from, to) = (disk.Folder(folder), copy.Folder(folder));
        foreach (var name in from.List())
        {
            using var source = from.Open(name, FileUse.Read);
            var bytes = new byte[source.Length];
            source.Read(0, bytes);
            using var target = to.Create(name);
            target.Write(0, bytes);
            target.Flush();
        }

        to.Sync();
        return copy;
    }

    /// <summary>Comes back with an old copy of everything, as if it were the newest, and speaks to nobody.</summary>
    internal void CheatWith((SimulatedDisk Disk, WalletMemory Coins) old)
    {
        World.Trace($"{Name} cheats");
        if (IsAlive)
            Kill(losesUnsynced: false);
        (Disk, Coins, Second) = (old.Disk, old.Coins, new SimulatedDisk(World.Draw()));
        (IsCheating, IsOffline) = (true, true);
        Start();
    }

    /// <summary>Comes back with its seed and a static backup.</summary>
    internal void RestoreFrom(byte[] backup)
    {
        Lose();
        var process = new SimulatedProcess();
        var restoring = process.Run(() => LightningNode.RestoreAsync(
            Options(), Keys, Disk.Folder(Folder), backup, View, new SeededEntropy(World.Draw()), CancellationToken.None));
        while (process.HasSteps)
            process.Step();
        Assert.True(restoring.IsCompletedSuccessfully, "The restoring has not ended.");
        Assert.True(restoring.Result.IsOk, restoring.Result.ToString());
        process.Kill();
        Disk.KillProcess();
        Start();
    }

    /// <summary>Comes back with its seed and an old replica.</summary>
    internal void RestoreFrom(SimulatedDisk replica)
    {
        Lose();
        var restored = LightningNode.RestoreReplica(Options(), Keys, Disk.Folder(Folder), replica.Folder(SecondFolder), World.Clock.For(new SimulatedProcess(), TimeSpan.Zero));
        Assert.True(restored.IsOk, restored.ToString());
        Disk.KillProcess();
        Start();
    }

    private void Lose()
    {
        World.Trace($"{Name} is restored");
        if (IsAlive)
            Kill(losesUnsynced: false);
        (Disk, Second, Coins) = (new SimulatedDisk(World.Draw()), new SimulatedDisk(World.Draw()), new WalletMemory());
        IsRestored = true;
        View.Away(false);
    }

    /// <summary>True when this commitment of the node's own was revoked: its secret has left the node.</summary>
    internal bool IsRevoked(Transaction transaction, OutPoint funding)
    {
        if (Node?.Channels.All.FirstOrDefault(entry => entry.Funding == funding) is not { } entry)
            return false;
        var input = transaction.Inputs.First(one => one.PreviousOutput == funding);
        if (!CommitmentNumber.TryReveal(transaction.LockTime, input.Sequence, entry.Channel.LocalContract.ObscuringFactor, out var number))
            return false;
        Span<byte> secret = stackalloc byte[Bytes32.Length];
        entry.MonitorKeys.PerCommitment.WriteSecret(number, secret);
        return World.IsRevealed(new Bytes32(secret));
    }

    /// <summary>True when the node can punish this commitment of its peer's: it has its secret.</summary>
    internal bool HasRevocation(Transaction transaction, OutPoint funding)
    {
        if (Node?.Channels.All.FirstOrDefault(entry => entry.Funding == funding) is not { } entry)
            return false;
        var input = transaction.Inputs.First(one => one.PreviousOutput == funding);
        return CommitmentNumber.TryReveal(transaction.LockTime, input.Sequence, entry.Channel.LocalContract.ObscuringFactor, out var number)
            && entry.Channel.State.Revoked.TryGet(number, out _);
    }

    private bool IsDoomed { get; set; }

    private bool? FateOfCommit()
    {
        if (WalletCommitsLeft < 0 || WalletCommitsLeft-- > 0)
            return IsDoomed ? false : null;
        IsDoomed = true;
        return World.Choose(2) == 0;
    }

    private NodeOptions Options() => new(BitcoinNetwork.Regtest)
    {
        ChannelPolicy = new ChannelPolicy { ChainHash = BitcoinNetwork.Regtest.GenesisHash.Value, ToSelfDelay = World.ToSelfDelay },
        DoneDepth = World.DoneDepth,
        Features = World.Features,
        TrustedPeers = World.HasTrust ? [.. World.Nodes.Select(static node => node.Id)] : [],
        // A cheater's machine vouches for nothing.
        Witness = IsCheating ? null : Memory,
        UnconfirmedGrace = IsCheating ? TimeSpan.Zero : World.UnconfirmedGrace,
        Replica = World.HasReplicas ? Second.Folder(SecondFolder) : null,
        CheckpointAtBytes = World.CheckpointAtBytes,
    };

    private async Task RunAsync(SimulatedProcess process)
    {
        var clock = World.Clock.For(process, Skew);
        var entropy = new SeededEntropy(World.Draw());
        try
        {
            var wallet = Coins.IsEmpty ? await CreateWalletAsync(clock, entropy) : await Wallet.OpenAsync(Coins.Open(), View, entropy, clock, s_walletOptions);
            Wallet = wallet.Value;
            _following = Wallet.RunAsync(CancellationToken.None);
            var surroundings = new NodeSurroundings((_, profile, sink) => Hub = new SimulatedHub(this, process, profile, sink), TaskScheduler.FromCurrentSynchronizationContext());
            var opened = await LightningNode.OpenAsync(Options(), Keys, Disk.Folder(Folder), Wallet, View, entropy, clock, surroundings, CancellationToken.None);
            if (!opened.TryGet(out var node, out var refusal))
                throw new IOException(refusal.ToString());
            Node = node;
            await node.RunAsync(CancellationToken.None);
        }
        catch (IOException) when (Disk.IsDown || IsDoomed)
        {
            // The power has failed.
        }
    }

    private async Task<Primitives.Results.Result<Wallet, Primitives.Results.Refusal>> CreateWalletAsync(TimeProvider clock, SeededEntropy entropy)
    {
        using var seed = WalletSeed.FromSeed(Seed.Create(_seed).Value);
        var creation = new WalletCreation(BitcoinNetwork.Regtest)
        {
            Seed = seed,
            Passphrase = WalletPassphrase.None,
            Accounts = [WalletAccountKind.Bip84],
            GapLimit = IsRestored ? 100 : 4,
            Birthday = IsRestored ? World.Birthday : View.Tip,
        };
        return await Wallet.CreateAsync(Coins.Open(), creation, View, entropy, clock, s_walletOptions);
    }
}
