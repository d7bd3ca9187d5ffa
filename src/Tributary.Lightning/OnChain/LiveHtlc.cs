using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;

namespace Tributary.Lightning.OnChain;

/// <summary>An HTLC that is in any commitment that could still confirm.</summary>
/// <param name="IsOffered">We offered it.</param>
/// <param name="Htlc">The HTLC; whose view it is does not matter here.</param>
internal readonly record struct LiveHtlc(bool IsOffered, CommittedHtlc Htlc)
{
    /// <summary>All of a channel, each once.</summary>
    internal static List<LiveHtlc> Of(IChannelClaims claims)
    {
        var seen = new HashSet<(bool, ulong)>();
        var live = new List<LiveHtlc>();
        void Add(CommitmentState? state, bool isOurs)
        {
            foreach (var htlc in state?.Htlcs ?? [])
            {
                var isOffered = htlc.IsOffered == isOurs;
                if (seen.Add((isOffered, htlc.Id)))
                    live.Add(new LiveHtlc(isOffered, htlc));
            }
        }

        Add(claims.Local?.State, isOurs: true);
        Add(claims.Remote, isOurs: false);
        Add(claims.NextRemote, isOurs: false);
        return live;
    }
}
