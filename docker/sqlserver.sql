-- Один раз, от имени администратора сервера: база данных и учётная запись службы. Она читает и пишет строки, но схему менять
-- не может: ни опустошить таблицу (TRUNCATE), ни выключить триггер, который бережёт историю. Схему меняет migrate от имени владельца.
IF DB_ID('diagnostics') IS NULL CREATE DATABASE diagnostics;
GO
IF SUSER_ID('diagnostics') IS NULL CREATE LOGIN diagnostics WITH PASSWORD = '$(DATABASE_PASSWORD)';
GO
USE diagnostics;
GO
IF USER_ID('diagnostics') IS NULL CREATE USER diagnostics FOR LOGIN diagnostics;
ALTER ROLE db_datareader ADD MEMBER diagnostics;
ALTER ROLE db_datawriter ADD MEMBER diagnostics;
-- Номера событий даёт последовательность; взять следующий — право UPDATE на неё или на её схему.
GRANT UPDATE ON SCHEMA::dbo TO diagnostics;
