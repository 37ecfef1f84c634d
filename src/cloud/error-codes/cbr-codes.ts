/**
 * Codes of Cloud Backup and Recovery, which the job of a full-ECS image may pass on (OTC CBR API reference, Error Codes).
 */
import { LATER, type Table } from './code-table.ts';

// biome-ignore format: a table is read row by row
export const CBR_CODES: Table = {
  'BackupService.6105': ['vault', 'There is no such vault.', 'Give as `vault` the ID of a vault in the same project and region.'],
  'BackupService.6112': ['vault', "The vault's status does not allow this.", 'Run the workflow again once its status is available.'],
  'BackupService.6129': ['vault', 'The vault has no free space left.', 'Enlarge it, or give another `vault`.'],
  'BackupService.6705': ['image', "The image's backup is not shared with this project.", 'Ask the owner whether the image is still shared.'],
  'BackupService.6706': ['request', 'CBR does not accept a value of the update.', 'Check `status` and `vault`.'],
  'BackupService.6708': ['service', "CBR failed to change the status of the backup's share.", LATER, 'transient'],
  'BackupService.6712': ['vault', "The vault's status does not allow sharing.", 'Run the workflow again once its status is available.'],
  'BackupService.6713': ['vault', "The vault is of a type that does not suit the image's backup.", 'Give as `vault` one that stores servers (object type server) and serves for backup, not replication.'],
  'BackupService.9900': ['vault', 'CBR does not accept a parameter.', 'Check `vault` for typing mistakes.'],
  'BackupService.9998': ['login', 'CBR could not verify the caller.', 'Check that the credentials belong to `project`, and that they may use CBR there.'],
};
