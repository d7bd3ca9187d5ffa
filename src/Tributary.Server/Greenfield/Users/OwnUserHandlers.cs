using Tributary.Server.Greenfield.Frame;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Users;

/// <summary>Tells a key who stands behind it, in either half.</summary>
internal sealed class OwnUserHandlers(IDatabase database)
{
    public async Task<GreenfieldAnswer> MeAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        var user = call.Caller!.User;
        var profile = await database.ReadAsync((transaction, token) => UserProfile.FindAsync(transaction, user.Id, token), cancellationToken);
        return GreenfieldAnswer.Of(writer => UserJson.Write(writer, user, profile, null));
    }
}
