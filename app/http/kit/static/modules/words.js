// @ts-check
/** The few sentences that scripts say themselves; everything else comes from the server. */

const english = document.documentElement.lang === "en";

export const offline = english
  ? "No connection. Check the network and try again; nothing that you entered is lost."
  : "网络连接失败，请检查网络后重试，已填写的内容不会丢失。";
export const cancel = english ? "Cancel" : "取消";
export const proceed = english ? "Confirm" : "确定";
export const onlyFirst = english ? "One file at a time: the first was taken." : "一次上传一个文件，已选用第一个。";

/** @param {number} seconds */
export const resendIn = (seconds) => (english ? `Again in ${seconds} s` : `${seconds} 秒后重发`);
