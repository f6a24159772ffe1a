using Diagnostics.Engine;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Access;

namespace Diagnostics.Server.Api;

internal static class AccessApi
{
    internal static void MapAccess(this IEndpointRouteBuilder routes)
    {
        MapAuth(routes.MapGroup("/auth").WithTags("Access"));
        MapAccounts(routes.MapGroup("/accounts").WithTags("Access"));
        MapRecovery(routes.MapGroup("/accounts").WithTags("Access"));
        MapClients(routes.MapGroup("/clients").WithTags("Access"));
    }

    private static void MapAuth(RouteGroupBuilder auth)
    {
        auth.Post("/token", IssueToken.Operation, TokenEndpoint.Issue)
            .WithSummary("Получить токен по паролю, токену обновления или секрету клиента")
            .WithDescription(
                "Форма application/x-www-form-urlencoded по RFC 6749: grant_type=password (username, password), "
                    + "refresh_token (refresh_token) или client_credentials (client_id, client_secret — "
                    + "в форме или в заголовке Authorization: Basic)."
            )
            .AddOpenApiOperationTransformer(TokenEndpoint.DescribeForm)
            .DisableAntiforgery();
        auth.Get("/me", GetMyAccount.Operation, (HttpContext http, GetMyAccount useCase) => useCase.Run(default, http.Caller()).Ok())
            .MayAnswer(404)
            .WithSummary("Своя учётная запись и её роли");
        auth.Get(
                "/sign-ins",
                ListMySignIns.Operation,
                (HttpContext http, ListMySignIns useCase) => useCase.Run(default, http.Caller()).OkPage()
            )
            .WithSummary("Свои действующие входы: когда, как и с какого устройства");
        auth.Delete(
                "/sign-ins/{signInId:guid}",
                EndMySignIn.Operation,
                (Guid signInId, HttpContext http, EndMySignIn useCase) => useCase.Run(signInId, http.Caller()).NoContent()
            )
            .WithSummary("Закончить свой вход на другом устройстве: его токены перестают действовать");
        auth.Post("/sign-out", SignOut.Operation, (HttpContext http, SignOut useCase) => useCase.Run(default, http.Caller()).NoContent())
            .WithSummary("Выйти: токены этого входа перестают действовать");
        auth.Get(
                "/second-factor",
                GetMySecondFactor.Operation,
                (HttpContext http, GetMySecondFactor useCase) => useCase.Run(default, http.Caller()).Ok()
            )
            .MayAnswer(404)
            .WithSummary("Подключён ли свой второй фактор; секрет — пока он не подтверждён");
        auth.Post(
                "/second-factor",
                BeginSecondFactor.Operation,
                (HttpContext http, BeginSecondFactor useCase) => useCase.Run(default, http.Caller()).Ok()
            )
            .MayAnswer(404)
            .WithSummary("Начать подключение второго фактора: секрет для приложения")
            .WithDescription("Каждый раз новый; действует после подтверждения кодом из приложения (RFC 6238).");
        auth.Post(
                "/second-factor/confirmation",
                ConfirmSecondFactor.Operation,
                (SecondFactorCode code, HttpContext http, ConfirmSecondFactor useCase) =>
                    useCase.Run(new(code.Code, http.Attempt()), http.Caller()).Ok()
            )
            .WithSummary("Подтвердить второй фактор кодом; резервные коды показываются один раз");
        auth.Post(
                "/second-factor/check",
                ShowSecondFactor.Operation,
                (SecondFactorCode code, HttpContext http, ShowSecondFactor useCase) =>
                    useCase.Run(new(code.Code, http.Attempt()), http.Caller()).NoContent()
            )
            .WithSummary("Подтвердить вход кодом из приложения или резервным кодом")
            .WithDescription("После 204 обновите токен (grant_type=refresh_token): следующий открывает всё, что позволяют роли.");
        auth.Post(
                "/password",
                ChangeOwnPassword.Operation,
                (PasswordChange change, HttpContext http, ChangeOwnPassword useCase) =>
                    useCase.Run(new(change, http.Attempt(http.Caller().SignIn)), http.Caller()).NoContent()
            )
            .MayAnswer(404)
            .WithSummary("Сменить свой пароль; все прежние входы заканчиваются");
    }

    private static void MapAccounts(RouteGroupBuilder accounts)
    {
        accounts
            .Get(
                "/",
                ListAccounts.Operation,
                (Guid? after, int? limit, HttpContext http, ListAccounts useCase) => useCase.Run(new(after, limit), http.Caller()).Ok()
            )
            .WithSummary("Учётные записи с их ролями");
        accounts
            .Get(
                "/{accountId:guid}",
                GetAccount.Operation,
                (Guid accountId, HttpContext http, GetAccount useCase) => useCase.Run(accountId, http.Caller()).Ok()
            )
            .WithSummary("Учётная запись с её ролями");
        accounts
            .Post(
                "/",
                MakeAccount.Operation,
                (AccountRequest account, HttpContext http, MakeAccount useCase) =>
                    useCase.Run(account, http.Caller()).Created(made => $"/api/v1/accounts/{made.AccountId:D}")
            )
            .WithSummary("Создать учётную запись с ролями; пароль показывается один раз");
        accounts
            .Post(
                "/experts",
                MakeExpertAccount.Operation,
                (ExpertAccountRequest expert, HttpContext http, MakeExpertAccount useCase) =>
                    useCase.Run(expert, http.Caller()).Created(made => $"/api/v1/accounts/{made.AccountId:D}")
            )
            .WithSummary("Создать учётную запись эксперта: роль даст место в комиссии; пароль показывается один раз");
        accounts
            .Post(
                "/{accountId:guid}/grants",
                AddGrant.Operation,
                (Guid accountId, GrantRequest grant, HttpContext http, AddGrant useCase) =>
                    useCase.Run(new(accountId, grant), http.Caller()).Created(_ => $"/api/v1/accounts/{accountId:D}")
            )
            .WithSummary("Назначить роль");
        accounts
            .Delete(
                "/{accountId:guid}/grants/{grantId:guid}",
                EndGrant.Operation,
                (Guid accountId, Guid grantId, HttpContext http, EndGrant useCase) =>
                    useCase.Run(new(accountId, grantId), http.Caller()).NoContent()
            )
            .WithSummary("Снять роль: действует сразу");
        accounts
            .Get(
                "/grant-proposals",
                ListGrantProposals.Operation,
                (HttpContext http, ListGrantProposals useCase) => useCase.Run(default, http.Caller()).OkPage()
            )
            .WithSummary("Предложенные роли администраторов и аудиторов, которые ждут другого администратора");
        accounts
            .Post(
                "/{accountId:guid}/grant-proposals",
                ProposeGrant.Operation,
                (Guid accountId, GrantProposalRequest proposal, HttpContext http, ProposeGrant useCase) =>
                    useCase.Run(new(accountId, proposal), http.Caller()).Created(_ => "/api/v1/accounts/grant-proposals")
            )
            .WithSummary("Предложить роль администратора или аудитора: её подтвердит другой администратор");
        accounts
            .Post(
                "/{accountId:guid}/grant-proposals/{proposalId:guid}/confirmation",
                ConfirmGrant.Operation,
                (Guid accountId, Guid proposalId, HttpContext http, ConfirmGrant useCase) =>
                    useCase.Run(new(accountId, proposalId), http.Caller()).Ok()
            )
            .WithSummary("Подтвердить роль, которую предложил другой администратор");
        accounts
            .Post(
                "/{accountId:guid}/grant-proposals/{proposalId:guid}/refusal",
                RefuseGrant.Operation,
                (Guid accountId, Guid proposalId, HttpContext http, RefuseGrant useCase) =>
                    useCase.Run(new(accountId, proposalId), http.Caller()).NoContent()
            )
            .WithSummary("Отклонить предложенную роль или забрать своё предложение");
        accounts
            .Post(
                "/{accountId:guid}/deactivation",
                DeactivateAccount.Operation,
                (Guid accountId, HttpContext http, DeactivateAccount useCase) => useCase.Run(accountId, http.Caller()).NoContent()
            )
            .WithSummary("Отключить учётную запись: её роли перестают действовать сразу");
        accounts
            .Post(
                "/{accountId:guid}/activation",
                ActivateAccount.Operation,
                (Guid accountId, HttpContext http, ActivateAccount useCase) => useCase.Run(accountId, http.Caller()).NoContent()
            )
            .WithSummary("Включить учётную запись снова");
        accounts
            .Post(
                "/{accountId:guid}/password",
                ResetPassword.Operation,
                (Guid accountId, HttpContext http, ResetPassword useCase) => useCase.Run(accountId, http.Caller()).Ok()
            )
            .WithSummary("Выдать новый пароль; показывается один раз, прежний больше не подходит");
    }

    private static void MapRecovery(RouteGroupBuilder accounts)
    {
        accounts
            .Post(
                "/{accountId:guid}/unlocking",
                UnlockAccount.Operation,
                (Guid accountId, HttpContext http, UnlockAccount useCase) => useCase.Run(accountId, http.Caller()).NoContent()
            )
            .WithSummary("Забыть неудачные попытки входа: следующая проверяется сразу");
        accounts
            .Delete(
                "/{accountId:guid}/second-factor",
                RemoveSecondFactor.Operation,
                (Guid accountId, HttpContext http, RemoveSecondFactor useCase) => useCase.Run(accountId, http.Caller()).NoContent()
            )
            .WithSummary("Снять второй фактор с учётной записи: телефон и резервные коды потеряны");
        accounts
            .Post(
                "/{accountId:guid}/outside-identities",
                LinkOutsideIdentity.Operation,
                (Guid accountId, OutsideIdentityLink identity, HttpContext http, LinkOutsideIdentity useCase) =>
                    useCase.Run(new(accountId, identity), http.Caller()).Created(_ => $"/api/v1/accounts/{accountId:D}")
            )
            .WithSummary("Связать учётную запись с человеком внешнего поставщика входа")
            .WithDescription(
                "issuer — из .well-known/openid-configuration поставщика, subject — sub человека у него: "
                    + "страница входа показывает его тому, кого поставщик узнал, а служба ещё нет."
            );
        accounts
            .Delete(
                "/{accountId:guid}/outside-identities",
                UnlinkOutsideIdentities.Operation,
                (Guid accountId, HttpContext http, UnlinkOutsideIdentities useCase) => useCase.Run(accountId, http.Caller()).NoContent()
            )
            .WithSummary("Снять связи с внешними поставщиками входа, роли от них и все входы");
    }

    private static void MapClients(RouteGroupBuilder clients)
    {
        clients
            .Post(
                "/",
                AddClient.Operation,
                (ClientRequest client, HttpContext http, AddClient useCase) =>
                    useCase.Run(client, http.Caller()).Created(added => $"/api/v1/clients/{added.ClientId}")
            )
            .WithSummary("Завести клиент портала; секрет показывается один раз");
        clients
            .Get("/", ListClients.Operation, (HttpContext http, ListClients useCase) => useCase.Run(default, http.Caller()).OkPage())
            .WithSummary("Клиенты порталов");
        clients
            .Get(
                $"/{Clients.Own}",
                GetOwnClient.Operation,
                (HttpContext http, GetOwnClient useCase) => Own(useCase.Run(default, http.Caller()), http).Ok()
            )
            .MayAnswer(404)
            .WithSummary("Свой клиент портала: права, территория, квоты и сколько израсходовано")
            .WithDescription(
                "Квота — ведро на каждом узле службы: burst запросов сразу, пополняется по requestsPerSecond; "
                    + "сверх неё — 429 с Retry-After."
            );
        clients
            .Get(
                "/{clientId}",
                GetClient.Operation,
                (string clientId, HttpContext http, GetClient useCase) => useCase.Run(clientId, http.Caller()).Ok()
            )
            .WithSummary("Клиент портала");
        clients
            .Post(
                "/{clientId}/secret",
                RotateClientSecret.Operation,
                (string clientId, SecretRotation? rotation, HttpContext http, RotateClientSecret useCase) =>
                    useCase.Run(new(clientId, rotation ?? new()), http.Caller()).Ok()
            )
            .WithSummary("Выдать клиенту новый секрет; прежний ещё какое-то время подходит")
            .WithDescription(
                "Секрет показывается один раз. overlapHours: 0 — прежний секрет и токены по нему перестают действовать сразу."
            );
        clients
            .Post(
                "/{clientId}/deactivation",
                DeactivateClient.Operation,
                (string clientId, HttpContext http, DeactivateClient useCase) => useCase.Run(clientId, http.Caller()).NoContent()
            )
            .WithSummary("Отключить клиент: действует сразу");
    }

    private static async Task<Result<OwnClient>> Own(Task<Result<ClientView>> running, HttpContext http) =>
        (await running).Map(client => new OwnClient(client, Limits.UsageOf(http)));
}
