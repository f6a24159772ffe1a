using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of access operations for the API description.</summary>
internal static class AccessExamples
{
    private static readonly GrantProposal Proposal = new(
        ExampleStory.Grant,
        ExampleStory.Expert,
        "s.aliev",
        Role.Auditor,
        ExampleStory.Account,
        ExampleStory.ExpertJoined
    );

    private static readonly GrantView ExpertGrant = new(
        ExampleStory.Grant,
        Role.Expert,
        GrantScope.Campaign,
        ExampleStory.Campaign.ToString("D"),
        ExampleStory.ExpertJoined,
        null
    );

    private static readonly AccountView Expert = new(
        ExampleStory.Expert,
        "s.aliev",
        null,
        "ГБУ ДПО РД «ДИРО»",
        false,
        ExampleStory.ExpertJoined,
        [ExpertGrant]
    );

    private static readonly ClientView Portal = new(
        "portal-iom",
        "Портал ИОМ",
        [Clients.ReadProfiles],
        ExampleStory.Territory,
        false,
        ExampleStory.Published
    );

    internal static IEnumerable<Example> All =>
        [
            Takes(
                "IssueToken",
                "password",
                "Человек входит по имени и паролю",
                Fields(("grant_type", "password"), ("username", "d-k7m2xq9wpt"), ("password", "Шесть-Тихих-Озёр-31")),
                Form
            ),
            Takes(
                "IssueToken",
                "refresh_token",
                "Продлить вход без пароля",
                Fields(("grant_type", "refresh_token"), ("refresh_token", "CfDJ8Nq0cXvTj2…")),
                Form
            ),
            Takes(
                "IssueToken",
                "client_credentials",
                "Портал входит по секрету клиента",
                Fields(("grant_type", "client_credentials"), ("client_id", "portal-iom"), ("client_secret", "5f0c…a91e")),
                Form
            ),
            Gives(
                "IssueToken",
                new TokenResponse("CfDJ8Lw3hYb7Rk…", "Bearer", (int)SignIns.AccessLifetime.TotalSeconds, "CfDJ8Nq0cXvTj2…")
            ),
            Refuses("IssueToken", TokenEndpoint.Answer(PasswordCheck.BadCredentials)),
            Refuses("IssueToken", TokenEndpoint.Answer(IssueToken.BadClient)),
            Gives(
                "GetMyAccount",
                new MyAccount(ExampleStory.Account, "d-k7m2xq9wpt", ExampleStory.Participant, [new(Role.Participant, GrantScope.All, null)])
            ),
            Takes("ChangeOwnPassword", new PasswordChange("Шесть-Тихих-Озёр-31", "Весенний дождь над Каспием")),
            .. Refuses(
                Refusal.Invalid("password-wrong", "Прежний пароль не подходит.").With("field", "currentPassword"),
                "ChangeOwnPassword"
            ),
            Lists(
                "ListMySignIns",
                new[]
                {
                    new SignInView(
                        ExampleStory.SignIn,
                        SignInMethod.Password,
                        null,
                        "Mozilla/5.0 (Windows NT 10.0)",
                        ExampleStory.Published,
                        ExampleStory.Published,
                        ExampleStory.Published + SignIns.Absolute,
                        Current: true
                    ),
                }
            ),
            Gives("GetMySecondFactor", new MySecondFactor(SetUp: true, Begun: null)),
            Gives(
                "BeginSecondFactor",
                new NewSecondFactor(
                    "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                    SecondFactors.AddressOf("s.aliev", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
                )
            ),
            Takes("ConfirmSecondFactor", new SecondFactorCode("492039")),
            Gives("ConfirmSecondFactor", new RecoveryCodes([TypedCode.Of("7K2MXQ9WPTR"), TypedCode.Of("H4D8VN3YZAB")])),
            Takes("ShowSecondFactor", new SecondFactorCode("492039")),
            .. Refuses(SecondFactorRefusals.Wrong, "ConfirmSecondFactor", "ShowSecondFactor"),
            Takes(
                "MakeAccount",
                new AccountRequest(
                    "s.aliev",
                    [new(Role.Expert, GrantScope.Campaign, ExampleStory.Campaign.ToString("D"))],
                    "ГБУ ДПО РД «ДИРО»"
                )
            ),
            Gives("MakeAccount", new OneTimePassword(ExampleStory.Expert, "s.aliev", "Семь-Синих-Птиц-84"), 201),
            .. Refuses(Refusal.Conflict("user-name-taken", "Учётная запись «s.aliev» уже есть."), "MakeAccount"),
            .. Refuses(GrantRules.Check(new(Role.Expert, GrantScope.Site, ExampleStory.Site.ToString("D")))!, "MakeAccount", "AddGrant"),
            Gives("ListAccounts", new Page<AccountView>([Expert], null)),
            Gives("GetAccount", Expert),
            Takes("MakeExpertAccount", new ExpertAccountRequest("s.aliev", "ГБУ ДПО РД «ДИРО»")),
            Gives("MakeExpertAccount", new OneTimePassword(ExampleStory.Expert, "s.aliev", "Семь-Синих-Птиц-84"), 201),
            Takes("ProposeGrant", new GrantProposalRequest(Role.Auditor)),
            Gives("ProposeGrant", Proposal, 201),
            .. Refuses(ProposeGrant.Waits, "ProposeGrant"),
            Lists("ListGrantProposals", Proposal),
            Gives("ConfirmGrant", new GrantView(ExampleStory.Grant, Role.Auditor, GrantScope.All, null, ExampleStory.ExpertJoined, null)),
            .. Refuses(ConfirmGrant.Own, "ConfirmGrant"),
            .. Refuses(ProposalOf.NotFound, "ConfirmGrant", "RefuseGrant"),
            Takes("AddGrant", new GrantRequest(Role.Operator, GrantScope.Territory, ExampleStory.Territory)),
            Gives(
                "AddGrant",
                new GrantView(
                    ExampleStory.Grant,
                    Role.Operator,
                    GrantScope.Territory,
                    ExampleStory.Territory,
                    ExampleStory.ExpertJoined,
                    null
                ),
                201
            ),
            .. Refuses(Refusal.Conflict("grant-exists", "Эта роль уже назначена."), "AddGrant"),
            Takes(
                "LinkOutsideIdentity",
                new OutsideIdentityLink("https://id.region.example/realms/edu", "f4b1c2de-90aa-4d0e-8a5b-6a3a1f7c2b11")
            ),
            Gives(
                "LinkOutsideIdentity",
                new OutsideIdentityLink("https://id.region.example/realms/edu", "f4b1c2de-90aa-4d0e-8a5b-6a3a1f7c2b11"),
                201
            ),
            .. Refuses(LinkOutsideIdentity.Taken, "LinkOutsideIdentity"),
            .. Refuses(UnlinkOutsideIdentities.NotLinked, "UnlinkOutsideIdentities"),
            Gives("ResetPassword", new OneTimePassword(ExampleStory.Expert, "s.aliev", "Пять-Старых-Клёнов-07")),
            .. Refuses(AccountRefusals.LastAdministrator, "EndGrant", "DeactivateAccount"),
            .. Refuses(
                AccountRefusals.NotFound,
                "GetAccount",
                "AddGrant",
                "EndGrant",
                "DeactivateAccount",
                "ActivateAccount",
                "ResetPassword",
                "LinkOutsideIdentity"
            ),
            Takes("AddClient", new ClientRequest("portal-iom", "Портал ИОМ", [Clients.ReadProfiles], ExampleStory.Territory)),
            Gives("AddClient", new ClientSecret("portal-iom", "5f0c…a91e"), 201),
            .. Refuses(Refusal.Conflict("client-exists", "Клиент «portal-iom» уже есть."), "AddClient"),
            .. Refuses(
                Refusal
                    .Invalid("scopes-invalid", $"scopes — одно или несколько из: {string.Join(", ", Clients.Scopes)}.")
                    .With("field", "scopes"),
                "AddClient"
            ),
            Takes("RotateClientSecret", new SecretRotation(48)),
            Gives("RotateClientSecret", new ClientSecret("portal-iom", "c27b…04de")),
            Lists("ListClients", Portal),
            Gives("GetClient", Portal),
            Gives("GetOwnClient", new OwnClient(Portal, new(50, 200, 187, 13, 0))),
            .. Refuses(ClientRefusals.NotFound, "GetClient", "GetOwnClient", "DeactivateClient"),
        ];

    private static Dictionary<string, string> Fields(params (string Name, string Value)[] fields) =>
        fields.ToDictionary(field => field.Name, field => field.Value);
}
