namespace Tributary.Server.Greenfield.Access;

/// <summary>What keys of the Greenfield dialect are granted, by BTCPay's names, and which of them contain others.</summary>
internal static class Policies
{
    public const string Unrestricted = "unrestricted";

    public const string CanModifyStoreSettings = "btcpay.store.canmodifystoresettings";
    public const string CanViewStoreSettings = "btcpay.store.canviewstoresettings";
    public const string CanModifyWebhooks = "btcpay.store.webhooks.canmodifywebhooks";
    public const string CanViewInvoices = "btcpay.store.canviewinvoices";
    public const string CanCreateInvoice = "btcpay.store.cancreateinvoice";
    public const string CanModifyInvoices = "btcpay.store.canmodifyinvoices";
    public const string CanGetRates = "btcpay.store.cangetrates";
    public const string CanViewReports = "btcpay.store.canviewreports";
    public const string CanManagePullPayments = "btcpay.store.canmanagepullpayments";
    public const string CanArchivePullPayments = "btcpay.store.canarchivepullpayments";
    public const string CanCreatePullPayments = "btcpay.store.cancreatepullpayments";
    public const string CanCreateNonApprovedPullPayments = "btcpay.store.cancreatenonapprovedpullpayments";
    public const string CanViewPullPayments = "btcpay.store.canviewpullpayments";
    public const string CanManagePayouts = "btcpay.store.canmanagepayouts";
    public const string CanViewPayouts = "btcpay.store.canviewpayouts";
    public const string CanUseLightningNodeInStore = "btcpay.store.canuselightningnode";
    public const string CanCreateLightningInvoiceInStore = "btcpay.store.cancreatelightninginvoice";
    public const string CanViewLightningInvoiceInStore = "btcpay.store.canviewlightninginvoice";

    // Granted to keys as clients ask for them; this server has no routes for them.
    public const string CanViewPaymentRequests = "btcpay.store.canviewpaymentrequests";
    public const string CanModifyPaymentRequests = "btcpay.store.canmodifypaymentrequests";
    public const string CanSendStoreEmails = "btcpay.store.cansendstoreemails";
    public const string CanViewNotifications = "btcpay.user.canviewnotificationsforuser";
    public const string CanManageNotifications = "btcpay.user.canmanagenotificationsforuser";

    public const string CanModifyProfile = "btcpay.user.canmodifyprofile";
    public const string CanViewProfile = "btcpay.user.canviewprofile";
    public const string CanDeleteUser = "btcpay.user.candeleteuser";

    public const string CanModifyServerSettings = "btcpay.server.canmodifyserversettings";
    public const string CanManageUsers = "btcpay.server.canmanageusers";
    public const string CanCreateUser = "btcpay.server.cancreateuser";
    public const string CanViewUsers = "btcpay.server.canviewusers";
    public const string CanUseInternalLightningNode = "btcpay.server.canuseinternallightningnode";
    public const string CanCreateLightningInvoiceInternalNode = "btcpay.server.cancreatelightninginvoiceinternalnode";
    public const string CanViewLightningInvoiceInternalNode = "btcpay.server.canviewlightninginvoiceinternalnode";

    private static readonly Dictionary<string, string[]> s_contains = new(StringComparer.Ordinal)
    {
        [CanModifyStoreSettings] =
        [
            CanViewStoreSettings, CanModifyWebhooks, CanModifyPaymentRequests, CanSendStoreEmails, CanModifyInvoices, CanGetRates, CanManagePullPayments, CanManagePayouts, CanUseLightningNodeInStore,
        ],
        [CanViewStoreSettings] = [CanViewInvoices, CanViewReports, CanViewPaymentRequests, CanViewPullPayments, CanViewPayouts],
        [CanModifyInvoices] = [CanViewInvoices, CanCreateInvoice],
        [CanCreateInvoice] = [],
        [CanViewInvoices] = [],
        [CanModifyWebhooks] = [],
        [CanGetRates] = [],
        [CanViewReports] = [],
        [CanManagePullPayments] = [CanCreatePullPayments, CanArchivePullPayments, CanManagePayouts],
        [CanCreatePullPayments] = [CanCreateNonApprovedPullPayments],
        [CanCreateNonApprovedPullPayments] = [CanViewPullPayments],
        [CanArchivePullPayments] = [CanViewPullPayments],
        [CanViewPullPayments] = [],
        [CanManagePayouts] = [CanViewPayouts],
        [CanViewPayouts] = [],
        [CanUseLightningNodeInStore] = [CanCreateLightningInvoiceInStore, CanViewLightningInvoiceInStore],
        [CanCreateLightningInvoiceInStore] = [CanViewLightningInvoiceInStore],
        [CanViewLightningInvoiceInStore] = [],
        [CanModifyPaymentRequests] = [CanViewPaymentRequests],
        [CanViewPaymentRequests] = [],
        [CanSendStoreEmails] = [],
        [CanManageNotifications] = [CanViewNotifications],
        [CanViewNotifications] = [],
        [CanModifyProfile] = [CanViewProfile],
        [CanViewProfile] = [],
        [CanDeleteUser] = [],
        [CanModifyServerSettings] = [CanManageUsers, CanUseInternalLightningNode],
        [CanManageUsers] = [CanCreateUser, CanViewUsers],
        [CanCreateUser] = [],
        [CanViewUsers] = [],
        [CanUseInternalLightningNode] = [CanCreateLightningInvoiceInternalNode, CanViewLightningInvoiceInternalNode],
        [CanCreateLightningInvoiceInternalNode] = [CanViewLightningInvoiceInternalNode],
        [CanViewLightningInvoiceInternalNode] = [],
        [Unrestricted] = [],
    };

    /// <summary>All names that this server knows.</summary>
    public static IReadOnlyCollection<string> All => s_contains.Keys;

    public static bool IsOfStore(string policy) => policy.StartsWith("btcpay.store.", StringComparison.Ordinal);

    public static bool IsOfServer(string policy) => policy.StartsWith("btcpay.server.", StringComparison.Ordinal);

    public static bool IsKnown(string policy) => s_contains.ContainsKey(policy);

    /// <summary>What a policy contains directly.</summary>
    public static IReadOnlyList<string> ContainedIn(string policy) => s_contains.GetValueOrDefault(policy) ?? [];

    /// <summary>Does one policy contain another, or is it the same?</summary>
    public static bool Includes(string policy, string asked) =>
        string.Equals(policy, Unrestricted, StringComparison.Ordinal)
        || string.Equals(policy, asked, StringComparison.Ordinal)
        || (s_contains.TryGetValue(policy, out var inner) && Array.Exists(inner, within => Includes(within, asked)));
}
