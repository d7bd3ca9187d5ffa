namespace Tributary.Server.Greenfield.Frame;

/// <summary>Where a route's policy has to hold.</summary>
internal enum GreenfieldScope
{
    /// <summary>Nobody is asked for anything.</summary>
    Public,

    /// <summary>It belongs to no store: the user's own, or the server's.</summary>
    User,

    /// <summary>In all stores of the user, those included that come later.</summary>
    AllStores,

    /// <summary>In the store that the path names.</summary>
    Store,

    /// <summary>In some store; the handler asks again for the object's.</summary>
    SomeStore,
}
